using Decant.Teachers.Remote.Asking;
using Microsoft.Extensions.AI;
using TextContent = Decant.Data.TextContent;

namespace Decant.Teachers.Remote.Scoring;

/// <summary>A scorer that is made of a prompt and a chat model: for each text or pair of texts a number of a scale, or the reason why the teacher abstained.</summary>
public sealed class ChatScorer : IChatQuestion<TextContent, ChatScore>
{
    private readonly IChatClient _client;
    private readonly ChatScorerOptions _options;

    /// <summary>A scorer.</summary>
    /// <param name="client">The teacher, with its decorators; it stays its owner's.</param>
    /// <param name="options">What it is asked.</param>
    /// <exception cref="DecantException">The options are wrong: no question, a scale without length, a prompt without <c>{text}</c>, ….</exception>
    public ChatScorer(IChatClient client, ChatScorerOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        (_client, _options) = (client, options);
    }

    int IChatQuestion<TextContent, ChatScore>.Samples => _options.Evidence == ScoreEvidence.Samples ? _options.Samples : 1;

    /// <summary>The messages by which the score of a text or a pair is asked for.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text; null: there is one text.</param>
    /// <exception cref="DecantException">The prompt has a place for a second text and there is none, or the other way round.</exception>
    public IReadOnlyList<ChatMessage> Messages(string text, string? pair = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ScorePrompt.Of(_options, new(text, pair));
    }

    /// <summary>Scores texts or pairs of texts.</summary>
    /// <param name="texts">The texts, read as needed; all of them pairs, or none.</param>
    /// <param name="concurrency">How many at the same time, 1 or more; default: 8.</param>
    /// <param name="progress">Gets how many are done; null: nobody does.</param>
    /// <param name="cancellationToken">Ends requests that are out.</param>
    /// <returns>An answer for each, in their order. After a failure nothing more is asked, and what was out is stored before the failure is thrown.</returns>
    /// <exception cref="DecantException">A failure that is not a text's own: the budget is spent, the key is wrong, the server is down, or gives no logprobs where they are needed.</exception>
    public IAsyncEnumerable<ChatScore> ScoreAsync(IEnumerable<TextContent> texts, int concurrency = 8, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        this.AskAsync(_client, texts, concurrency, progress, cancellationToken);

    /// <summary>Scores a text or a pair.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text; null: there is one text.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The answer, with the index 0.</returns>
    /// <exception cref="DecantException">As in <see cref="ScoreAsync(IEnumerable{TextContent}, int, IProgress{int}?, CancellationToken)"/>.</exception>
    public Task<ChatScore> ScoreAsync(string text, string? pair = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return this.AskAsync(_client, new TextContent(text, pair), 0, cancellationToken);
    }

    IReadOnlyList<ChatMessage> IChatQuestion<TextContent, ChatScore>.Messages(TextContent item) => ScorePrompt.Of(_options, item);

    ChatOptions IChatQuestion<TextContent, ChatScore>.Options(int sample)
    {
        var asked = _options.Request(_options.Evidence == ScoreEvidence.Samples ? sample : null, _options.MaxOutputTokens);
        asked.ResponseFormat = _options.Evidence == ScoreEvidence.Stated ? ChatResponseFormat.Json : null;
        return _options.Evidence == ScoreEvidence.Logprobs ? asked.WithLogprobs(_options.TopLogprobs) : asked;
    }

    ChatScore IChatQuestion<TextContent, ChatScore>.Read(TextContent item, IReadOnlyList<ChatResponse> responses) =>
        _options.Evidence == ScoreEvidence.Samples ? FromSamples(responses) : FromOne(responses[0]);

    ChatScore IChatQuestion<TextContent, ChatScore>.Abstained(AbstentionReason why, string? detail) => Abstained(why, detail);

    private static ChatScore Abstained(AbstentionReason why, string? detail = null) => new() { Abstention = why, Detail = detail };

    private ChatScore FromOne(ChatResponse response)
    {
        var (score, why) = Read(response);
        if (score is null)
            return Abstained(why!.Value);
        if (_options.Evidence == ScoreEvidence.Stated)
            return new() { Score = score, SeenMass = 1 };
        if (response.Logprobs().Count == 0)
            throw new DecantException("scorer from a prompt: the server gives no logprobs of the answer's tokens. Take the score from samples, or a stated number (in a recipe: teacher.chat.score.evidence: samples, or stated).");
        return NumberMass.Of(response.Logprobs(), _options.IsOnScale) is var (mean, variance, seen)
            ? new() { Score = mean, Variance = variance, SeenMass = seen }
            : Abstained(AbstentionReason.NoNumber);
    }

    private ChatScore FromSamples(IReadOnlyList<ChatResponse> responses)
    {
        var read = responses.Select(Read).ToList();
        double[] scores = [.. read.Select(r => r.Score).OfType<double>()];
        if (2 * scores.Length <= read.Count)
            return Abstained(read.Where(r => r.Why is not null).GroupBy(r => r.Why!.Value).MaxBy(group => group.Count())!.Key);
        var mean = scores.Average();
        return new() { Score = mean, Variance = scores.Length > 1 ? scores.Sum(s => (s - mean) * (s - mean)) / (scores.Length - 1) : null, SeenMass = (double)scores.Length / read.Count };
    }

    private (double? Score, AbstentionReason? Why) Read(ChatResponse response)
    {
        var (number, why) = _options.Evidence == ScoreEvidence.Stated ? ScoreText.ReadJson(response.Text) : ScoreText.Read(response.Text);
        if (number is not { } score)
            return (null, response.WhyNot() ?? why);
        return _options.IsOnScale(score) ? (score, null) : (null, AbstentionReason.OffScale);
    }
}
