using System.Text;
using Decant.Teachers.Remote.Asking;
using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Classifying;

/// <summary>The messages of a classification, and the labels that answers use.</summary>
internal sealed class ClassPrompt
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private readonly ChatClassifierOptions _options;

    /// <summary>The prompt of checked options.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="DecantException">There are more classes than letters and digits, and letters are needed.</exception>
    public ClassPrompt(ChatClassifierOptions options)
    {
        _options = options;
        IsLettered = options.Evidence == ClassEvidence.Logprobs && (options.Letters ?? !HaveOwnStarts(options.Classes));
        if (options is { Evidence: ClassEvidence.Logprobs, Letters: false } && !HaveOwnStarts(options.Classes))
            throw new DecantException("classifier from a prompt: two names begin with the same character, so the first token of an answer may not say which is meant. Leave 'letters' out, or rename a class.");
        if (IsLettered && options.Classes.Count > Letters.Length)
            throw new DecantException($"classifier from a prompt: from logprobs expected at most {Letters.Length} classes whose names begin alike, came {options.Classes.Count}. Take the probabilities from samples, or give names that begin with different characters.");
        Labels = [.. options.Classes.Select((c, i) => IsLettered ? Letters[i].ToString() : c.Name)];
    }

    /// <summary>Whether labels are letters and not names.</summary>
    public bool IsLettered { get; }

    /// <summary>What an answer is to be, by class.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The messages that ask for the class of a text.</summary>
    public IReadOnlyList<ChatMessage> Messages(string text)
    {
        var messages = new List<ChatMessage> { new(ChatRole.System, Told()) };
        foreach (var example in _options.Examples)
        {
            messages.Add(new ChatMessage(ChatRole.User, Question(example.Text)));
            messages.Add(new ChatMessage(ChatRole.Assistant, Answer(example.Class)));
        }

        messages.Add(new ChatMessage(ChatRole.User, Question(text)));
        return messages;
    }

    private static bool HaveOwnStarts(IReadOnlyList<ChatClass> classes) => classes.Select(c => char.ToUpperInvariant(c.Name[0])).Distinct().Count() == classes.Count;

    private string Told()
    {
        var text = new StringBuilder(_options.Instruction).Append("\n\nClasses:\n");
        for (var i = 0; i < Labels.Count; i++)
        {
            var (name, description) = (_options.Classes[i].Name, _options.Classes[i].Description);
            text.Append("- ").Append(IsLettered ? $"{Labels[i]}: {name}" : name).Append(string.IsNullOrWhiteSpace(description) ? "" : $" ({description})").Append('\n');
        }

        return text.Append('\n').Append(TextFrame.Rule("classify")).Append('\n').Append(Form()).ToString();
    }

    private string Form() => _options.Evidence switch
    {
        ClassEvidence.Stated => "Answer with JSON alone: {\"class\": \"the name of the class\", \"confidence\": the probability from 0 to 1 that it is right}.",
        _ when IsLettered => "Answer with the letter of the class alone.",
        _ => "Answer with the name of the class alone.",
    };

    private string Question(string text) => _options.Prompt.Replace(ChatClassifierOptions.TextPlace, TextFrame.Of(text), StringComparison.Ordinal);

    private string Answer(string name)
    {
        var at = _options.Classes.Select(c => c.Name).ToList().IndexOf(name);
        return _options.Evidence == ClassEvidence.Stated ? $"{{\"class\": {System.Text.Json.JsonSerializer.Serialize(name)}, \"confidence\": 0.9}}" : Labels[at];
    }
}
