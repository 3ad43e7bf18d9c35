using Decant.Data;
using Decant.Data.Tokens;
using Decant.Runs.Recipes.Schema;
using Decant.Text;

namespace Decant.Runs.Preparing;

/// <summary>A prompt of the test split.</summary>
/// <param name="Prompt">What a model is given.</param>
/// <param name="Reference">What follows it in the data.</param>
internal sealed record TestPrompt(string Prompt, string Reference)
{
    /// <summary>What is given before the prompt to a teacher that has a context; empty: nothing.</summary>
    public string Context { get; init; } = "";

    /// <summary>All that a model is given.</summary>
    public string Given => Context + Prompt;
}

/// <summary>The prompts of the test split that the models of a run continue: those of prompts with completions, or the beginnings of documents.</summary>
/// <param name="Prompts">The prompts, in the order of the split.</param>
/// <param name="Remarks">Which samples were passed over, and why.</param>
internal sealed record TestPrompts(IReadOnlyList<TestPrompt> Prompts, IReadOnlyList<string> Remarks)
{
    /// <summary>Prompts where the recipe asks for no number of them and there are as many.</summary>
    public const int UsualSamples = 200;

    private const int UsualPromptTokens = 32;
    private const string Path = "evaluate.generation";

    /// <summary>Draws them.</summary>
    /// <param name="data">The data of a causal language model.</param>
    /// <param name="options">How many, and how long.</param>
    /// <exception cref="DecantException">There are fewer than asked for, or none.</exception>
    public static TestPrompts Of(PreparedData data, GenerationSection options)
    {
        var samples = data.Streams.TryGetValue(data.Test, out var text) ? Beginnings(text, data, options) : Prompted(data, options);
        var (drawn, passed) = (new SortedDictionary<int, TestPrompt>(), new Dictionary<string, int>());
        var wanted = options.Samples ?? UsualSamples;
        foreach (var index in Enumerable.Range(0, samples.Count).OrderBy(i => Rng.Mix((ulong)options.Seed ^ Rng.Mix((ulong)i))))
        {
            if (drawn.Count == wanted)
                break;
            var (prompt, why) = samples.Read(index);
            if (prompt is not null)
                drawn[index] = prompt;
            else
                passed[why!] = passed.GetValueOrDefault(why!) + 1;
        }

        string[] remarks = [.. passed.Select(p => FormattableString.Invariant($"{Path}: {p.Value:N0} of the {drawn.Count + passed.Values.Sum():N0} test samples that were drawn {p.Key}: no model is given {(p.Value == 1 ? "it" : "them")}."))];
        Refuse(options, drawn.Count, remarks.Length == 0 ? "" : $" {string.Join(' ', remarks)}");
        return new([.. drawn.Values], remarks);
    }

    private static void Refuse(GenerationSection options, int there, string reasons)
    {
        if (there == 0)
            throw new DecantException($"{Path}: the test split has no prompt with something behind it.{reasons} Give a test split that has, or leave generation out.");
        if (options.Samples > there)
            throw new DecantException(FormattableString.Invariant($"{Path}.samples: {options.Samples:N0} prompts are asked for, and the test split has {there:N0}.{reasons} Say {there} or fewer, or leave samples out."));
    }

    private static Candidates Prompted(PreparedData data, GenerationSection options)
    {
        if (options.PromptTokens is not null)
            throw new DecantException($"{Path}.prompt-tokens: the test split has prompts of its own, with completions; leave it out.");
        var (test, most) = (data.Test, data.MostTokensOfStudent);
        var tooLong = FormattableString.Invariant($"have a prompt of more than the {most:N0} tokens of input.max-tokens");
        return new(test.Count, i => test[i].Content switch
        {
            PromptContent { Completion: var completion } when string.IsNullOrWhiteSpace(completion) => (null, "have no completion to compare with"),
            PromptContent { Prompt: var prompt } when data.Tokenizer!.Encode(prompt).Length > most => (null, tooLong),
            PromptContent prompt => (new(prompt.Prompt, prompt.Completion) { Context = data.Privileged?.Before(prompt) ?? "" }, null),
            var content => throw new DecantException($"{Path}: {test.Where(i)}: expected a prompt with its completion, or running text, came {content.GetType().Name.Replace("Content", "", StringComparison.Ordinal).ToLowerInvariant()}; leave generation out."),
        });
    }

    private static Candidates Beginnings(TokenFile text, PreparedData data, GenerationSection options)
    {
        var tokens = options.PromptTokens ?? UsualPromptTokens;
        var tooShort = FormattableString.Invariant($"are documents without text behind the {tokens:N0} tokens of a prompt");
        return new((int)Math.Min(text.Documents, int.MaxValue), document =>
        {
            var start = text.StartOf(document);
            var ids = new int[Math.Min(text.StartOf(document + 1) - 1 - start, (long)tokens + options.MaxNewTokens)];
            text.Read(start, ids);
            var prompt = ids.Length > tokens ? Cut(ids, tokens, data.Tokenizer!) : null;
            return (prompt is null ? null : prompt with { Context = data.Privileged?.Text ?? "" }, prompt is null ? tooShort : null);
        });
    }

    /// <summary>A document as prompt and reference; null: there is nothing to read behind the prompt.</summary>
    private static TestPrompt? Cut(int[] ids, int tokens, ITokenizer tokenizer)
    {
        const char Broken = '\uFFFD'; // bytes of a character that other tokens have the rest of
        while (tokens > 1 && tokenizer.Decode(ids.AsSpan(0, tokens)).EndsWith(Broken))
            tokens--;
        var (prompt, whole) = (tokenizer.Decode(ids.AsSpan(0, tokens)), tokenizer.Decode(ids).TrimEnd(Broken));
        var reference = whole.StartsWith(prompt, StringComparison.Ordinal) ? whole[prompt.Length..] : tokenizer.Decode(ids.AsSpan(tokens)).TrimEnd(Broken);
        return string.IsNullOrWhiteSpace(reference) || prompt.Length == 0 ? null : new(prompt, reference);
    }

    /// <summary>Samples that may be prompts.</summary>
    /// <param name="Count">How many.</param>
    /// <param name="Read">One of them, or why it is none.</param>
    private readonly record struct Candidates(int Count, Func<int, (TestPrompt? Prompt, string? Why)> Read);
}
