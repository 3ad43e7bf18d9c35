using Decant.Teachers.Remote.Asking;
using Decant.Text;
using Decant.Text.Tags;
using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Extracting;

/// <summary>A tagger of words that is made of a prompt and a chat model: for each text its spans and the probabilities of each word's tags, or the reason why the teacher abstained.</summary>
public sealed class ChatExtractor : IChatQuestion<WordList, ChatExtraction>
{
    private readonly IChatClient _client;
    private readonly ChatExtractorOptions _options;
    private readonly TagSet _tags;

    /// <summary>An extractor whose tags are <c>O</c>, and <c>B-</c> and <c>I-</c> of each type.</summary>
    /// <param name="client">The teacher, with its decorators; it stays its owner's.</param>
    /// <param name="options">What it is asked.</param>
    /// <exception cref="DecantException">The options are wrong: a prompt without <c>{text}</c>, no types, ….</exception>
    public ChatExtractor(IChatClient client, ChatExtractorOptions options)
        : this(client, options, TagSet.Read(TagsOf(options), TagScheme.Bio))
    {
    }

    /// <summary>An extractor with tags that there are.</summary>
    /// <exception cref="DecantException">The options are wrong, or no tag has the type of an example or of a span.</exception>
    internal ChatExtractor(IChatClient client, ChatExtractorOptions options, TagSet tags)
    {
        ArgumentNullException.ThrowIfNull(client);
        options.Check();
        (_client, _options, _tags) = (client, options, tags);
        foreach (var example in options.Examples)
        {
            if (Placed(WordList.Of(example.Text), ExtractionPrompt.Answer(example.Spans)).Fault is { } fault)
                throw new DecantException($"extractor from a prompt: examples: '{example.Text}': {fault.Detail ?? fault.Why.ToString()}.");
        }
    }

    /// <summary>The tags of words, in the order of their probabilities: <c>O</c>, then <c>B-</c> and <c>I-</c> of each type.</summary>
    public IReadOnlyList<string> TagNames => _tags.Names;

    int IChatQuestion<WordList, ChatExtraction>.Samples => _options.Samples;

    /// <summary>The names of the tags of some types: <c>O</c>, then <c>B-</c> and <c>I-</c> of each.</summary>
    internal static IReadOnlyList<string> TagsOf(ChatExtractorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return ["O", .. options.Types.DistinctBy(t => t.Name).SelectMany(t => new[] { $"B-{t.Name}", $"I-{t.Name}" })];
    }

    /// <summary>The messages by which the spans of a text are asked for.</summary>
    /// <param name="text">The text.</param>
    public IReadOnlyList<ChatMessage> Messages(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ExtractionPrompt.Of(_options, text);
    }

    /// <summary>Finds the spans of texts whose words are known; they are put together as their language writes them, without spaces in Chinese, Japanese, Thai and their like.</summary>
    /// <param name="sentences">The words of each, read as needed; none of them empty.</param>
    /// <param name="concurrency">How many at the same time, 1 or more; default: 8.</param>
    /// <param name="progress">Gets how many are done; null: nobody does.</param>
    /// <param name="cancellationToken">Ends requests that are out.</param>
    /// <returns>An answer for each text, in their order. After a failure nothing more is asked, and what was out is stored before the failure is thrown.</returns>
    /// <exception cref="DecantException">A failure that is not a text's own: the budget is spent, the key is wrong, or the server is down.</exception>
    public IAsyncEnumerable<ChatExtraction> ExtractAsync(IEnumerable<IReadOnlyList<string>> sentences, int concurrency = 8, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        return this.AskAsync(_client, sentences.Select(WordList.OfWords), concurrency, progress, cancellationToken);
    }

    /// <summary>Finds the spans of a text, whose words are what white space separates.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The answer, with the index 0.</returns>
    /// <exception cref="DecantException">As in <see cref="ExtractAsync(IEnumerable{IReadOnlyList{string}}, int, IProgress{int}?, CancellationToken)"/>.</exception>
    public Task<ChatExtraction> ExtractAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return this.AskAsync(_client, WordList.Of(text), 0, cancellationToken);
    }

    IReadOnlyList<ChatMessage> IChatQuestion<WordList, ChatExtraction>.Messages(WordList item) => ExtractionPrompt.Of(_options, item.Text);

    ChatOptions IChatQuestion<WordList, ChatExtraction>.Options(int sample)
    {
        var asked = _options.Request(_options.Samples > 1 ? sample : null, _options.MaxOutputTokens);
        asked.ResponseFormat = ChatResponseFormat.Json;
        return asked;
    }

    ChatExtraction IChatQuestion<WordList, ChatExtraction>.Read(WordList item, IReadOnlyList<ChatResponse> responses)
    {
        var read = responses.Select(r => Placed(item, r)).ToList();
        int[][] tags = [.. read.Where(r => r.Entities is not null).Select(r => TagSpelling.Of(_tags, r.Entities!, item.Words.Count))];
        if (2 * tags.Length > read.Count)
            return Voted(item, tags, (double)tags.Length / read.Count);
        var most = read.Where(r => r.Fault is not null).GroupBy(r => r.Fault!.Value.Why).MaxBy(group => group.Count())!;
        return Abstained(most.Key, most.First().Fault!.Value.Detail);
    }

    ChatExtraction IChatQuestion<WordList, ChatExtraction>.Abstained(AbstentionReason why, string? detail) => Abstained(why, detail);

    private static ChatExtraction Abstained(AbstentionReason why, string? detail) => new() { Abstention = why, Detail = detail };

    private (IReadOnlyList<Entity>? Entities, MentionFault? Fault) Placed(WordList item, ChatResponse response)
    {
        var (entities, fault) = Placed(item, response.Text);
        return fault is { } own && response.WhyNot() is { } why ? (null, own with { Why = why }) : (entities, fault);
    }

    private (IReadOnlyList<Entity>? Entities, MentionFault? Fault) Placed(WordList item, string answer)
    {
        var (mentions, fault) = MentionReply.Read(answer, _options.Types);
        return mentions is null ? (null, fault) : MentionPlaces.Find(item, mentions, _options.CutWords);
    }

    private ChatExtraction Voted(WordList item, int[][] answers, double read)
    {
        var shares = TagVotes.Shares(answers, item.Words.Count, _tags.Names.Count);
        int[] best = [.. shares.Select(s => Array.IndexOf(s, s.Max()))];
        return new()
        {
            Read = read,
            Agreement = shares.Select(s => s.Max()).DefaultIfEmpty(1).Average(),
            Probabilities = [.. shares.Select(s => Array.ConvertAll(s, p => ((1 - _options.Smoothing) * p) + (_options.Smoothing / s.Length)))],
            Tags = [.. best.Select(t => _tags.Names[t])],
            Spans = [.. Entities.Of([.. best.Select(t => _tags[t])]).Select(e => Span(item, e))],
        };
    }

    private static ChatSpan Span(WordList item, Entity entity)
    {
        var (start, end) = (item.Places[entity.Start].Start, item.Places[entity.End - 1].End);
        return new(start, end, entity.Type, item.Text[start..end]);
    }
}
