using Decant.Teachers.Remote.Asking;
using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Classifying;

/// <summary>A classifier that is made of a prompt and a chat model: for each text probabilities of the classes, or the reason why the teacher abstained.</summary>
public sealed class ChatClassifier : IChatQuestion<string, ChatClassification>
{
    private readonly IChatClient _client;
    private readonly ChatClassifierOptions _options;
    private readonly ClassPrompt _prompt;
    private readonly IReadOnlyList<string> _names;

    /// <summary>A classifier.</summary>
    /// <param name="client">The teacher, with its decorators; it stays its owner's.</param>
    /// <param name="options">What it is asked.</param>
    /// <exception cref="DecantException">The options are wrong: a prompt without <c>{text}</c>, too few classes, ….</exception>
    public ChatClassifier(IChatClient client, ChatClassifierOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        (_client, _options, _prompt) = (client, options, new ClassPrompt(options));
        _names = [.. options.Classes.Select(c => c.Name)];
    }

    /// <summary>The messages by which the class of a text is asked for.</summary>
    /// <param name="text">The text.</param>
    public IReadOnlyList<ChatMessage> Messages(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _prompt.Messages(text);
    }

    /// <summary>Classifies texts.</summary>
    /// <param name="texts">The texts, read as needed.</param>
    /// <param name="concurrency">How many at the same time, 1 or more; default: 8.</param>
    /// <param name="progress">Told how many are done; null: nobody.</param>
    /// <param name="cancellationToken">Ends requests that are out.</param>
    /// <returns>An answer for each text, in the order of the texts. After a failure nothing more is asked, and what was out is stored before the failure is thrown.</returns>
    /// <exception cref="DecantException">A failure that is not a row's own: the budget is spent, the key is wrong, the server is down, or gives no logprobs where they are needed.</exception>
    public IAsyncEnumerable<ChatClassification> ClassifyAsync(IEnumerable<string> texts, int concurrency = 8, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        this.AskAsync(_client, texts, concurrency, progress, cancellationToken);

    /// <summary>Classifies one text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The answer, with the index 0.</returns>
    /// <exception cref="DecantException">As in <see cref="ClassifyAsync(IEnumerable{string}, int, IProgress{int}?, CancellationToken)"/>.</exception>
    public Task<ChatClassification> ClassifyAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return this.AskAsync(_client, text, 0, cancellationToken);
    }

    int IChatQuestion<string, ChatClassification>.Samples => _options.Evidence == ClassEvidence.Samples ? _options.Samples : 1;

    ChatOptions IChatQuestion<string, ChatClassification>.Options(int sample)
    {
        var asked = _options.Request(_options.Evidence == ClassEvidence.Samples ? sample : null, _options.OutputTokens);
        asked.ResponseFormat = _options.Evidence == ClassEvidence.Stated ? ChatResponseFormat.Json : null;
        return _options.Evidence == ClassEvidence.Logprobs ? asked.WithLogprobs(_options.TopLogprobs) : asked;
    }

    ChatClassification IChatQuestion<string, ChatClassification>.Read(string item, IReadOnlyList<ChatResponse> responses) => _options.Evidence switch
    {
        ClassEvidence.Logprobs => FromLogprobs(responses[0]),
        ClassEvidence.Samples => FromSamples(responses),
        _ => FromStated(responses[0]),
    };

    ChatClassification IChatQuestion<string, ChatClassification>.Abstained(AbstentionReason why, string? detail) => Abstained(why, detail);

    private static ChatClassification Abstained(AbstentionReason why, string? detail = null) => new() { Abstention = why, Detail = detail };

    private static ChatClassification Answered(double[] probabilities, double seen) => new() { Probabilities = probabilities, SeenMass = seen };

    private ChatClassification FromLogprobs(ChatResponse response)
    {
        var (named, why) = Read(response);
        if (named is null)
            return Abstained(why!.Value);
        if (response.Logprobs().Count == 0)
            throw new DecantException("classifier from a prompt: the server gives no logprobs of the answer's tokens. Take the probabilities from samples, or from a stated confidence (in a recipe: teacher.chat.ask.evidence: samples, or stated).");
        return LabelMass.Of(response.Logprobs(), _prompt.Labels) is var (probabilities, seen)
            ? Answered(probabilities, seen)
            : Abstained(AbstentionReason.NoClass);
    }

    private ChatClassification FromSamples(IReadOnlyList<ChatResponse> responses)
    {
        var read = responses.Select(Read).ToList();
        var votes = new double[_names.Count];
        foreach (var (named, _) in read)
        {
            if (named is { } c)
                votes[c]++;
        }

        var valid = votes.Sum();
        return 2 * valid > read.Count
            ? Answered([.. votes.Select(v => v / valid)], valid / read.Count)
            : Abstained(read.Where(r => r.Why is not null).GroupBy(r => r.Why!.Value).MaxBy(group => group.Count())!.Key);
    }

    private ChatClassification FromStated(ChatResponse response)
    {
        var (probabilities, why) = StatedConfidence.Read(response.Text, _names);
        return probabilities is not null ? Answered(probabilities, 1) : Abstained(response.WhyNot() ?? why!.Value);
    }

    private (int? Class, AbstentionReason? Why) Read(ChatResponse response)
    {
        var (named, why) = AnswerText.Read(response.Text, _prompt.Labels, _names);
        return named is { } c ? (c, null) : (null, response.WhyNot() ?? why);
    }
}
