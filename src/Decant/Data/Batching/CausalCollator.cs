using System.Text;
using Decant.Data.Labels;
using Decant.Text;

namespace Decant.Data.Batching;

/// <summary>
/// Sequences for a language model that predicts the next token: rows are the positions before the tokens that it is to say. Of packed text that is every position,
/// of a prompt with its completion those of the completion and of the end of text, of a conversation those of what the assistant says.
/// </summary>
/// <remarks>
/// A text is [begin] text end-of-text, a prompt [begin] prompt completion end-of-text, where prompt and completion are encoded each for itself, as in generation.
/// What is longer than the most tokens is cut: of a prompt the beginning first, then the end of the text or completion, and the end of text with it;
/// <see cref="LeftOut"/> says how many tokens. A sample without an annotation has rows without labels: a teacher predicts them, no label is learned.
/// </remarks>
internal sealed class CausalCollator : ITokenCollator
{
    private readonly ITokenizer _tokenizer;
    private readonly int _maxTokens;
    private readonly int _endOfText;
    private readonly int? _beginOfText;
    private readonly int _pad;
    private readonly CachedTokens<Prompted> _remembered = new(text => text.Ids.Length);

    /// <summary>A collator.</summary>
    /// <param name="tokenizer">Turns text into ids.</param>
    /// <param name="maxTokens">T, the most positions of a sequence; 1 or more.</param>
    /// <param name="endOfText">The id that ends a text.</param>
    /// <param name="beginOfText">The id that begins a text or prompt; null: none. Packed text has none.</param>
    public CausalCollator(ITokenizer tokenizer, int maxTokens, int endOfText, int? beginOfText = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxTokens);
        foreach (var id in new[] { endOfText, beginOfText ?? 0 })
            if (id < 0 || id >= tokenizer.VocabularySize)
                throw new DecantException($"The begin or end of text is to be token {id}, and the vocabulary has the ids 0 to {tokenizer.VocabularySize - 1}; name one of them.");
        (_tokenizer, _maxTokens, _endOfText, _beginOfText) = (tokenizer, maxTokens, endOfText, beginOfText);
        _pad = SpecialIds.Of(tokenizer).Pad;
    }

    /// <inheritdoc/>
    public bool HasLengths => true;

    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Sample> samples, ulong seed, int epoch)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var rows = new TokenRows(CollatorParts.IdsOf(samples), samples.Max(TokensOf), _pad, _tokenizer.VocabularySize);
        for (var i = 0; i < samples.Count; i++)
        {
            if (samples[i].Content is TokenContent packed) PutPacked(rows, i, packed, IsLabelled(samples[i]));
            else PutPrompted(rows, i, Encode(samples[i]), IsLabelled(samples[i]));
        }

        return rows.ToBatch();
    }

    /// <inheritdoc/>
    public int TokensOf(Sample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (sample.Content is not TokenContent packed) return Encode(sample).Ids.Length - 1;
        var tokens = packed.Ids.Length - 1;
        if (tokens < 1) throw new DecantException($"Sample {sample.Id}: expected two tokens or more, came {packed.Ids.Length}; a token is predicted from one before it.");
        return tokens <= _maxTokens ? tokens : throw new DecantException(
            $"Sample {sample.Id}: a sequence of {tokens} tokens, and the most are {_maxTokens}; pack the text into shorter sequences, or take a model with more positions.");
    }

    /// <inheritdoc/>
    public int LeftOut(Sample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return sample.Content is TokenContent ? 0 : Encode(sample).LeftOut;
    }

    private static bool IsLabelled(Sample sample) => sample.Annotation is ContentAnnotation;

    private static void PutPacked(TokenRows rows, int sample, TokenContent packed, bool isLabelled)
    {
        var ids = packed.Ids.Span;
        var length = ids.Length - 1;
        rows.Put(sample, ids[..length]);
        rows.PutBytes(sample, packed.Bytes);
        rows.PutFirstLabel(sample, packed.Start + 1);
        if (packed.DocumentStarts is { } starts) rows.PutSegments(sample, length, starts);
        var next = 0;
        for (var i = 0; i < length; i++)
        {
            while (next < packed.DocumentStarts?.Count && packed.DocumentStarts[next] <= i) next++;
            var isStart = next < packed.DocumentStarts?.Count && packed.DocumentStarts[next] == i + 1; // of a document that sees nothing of this one
            var isGiven = packed.Learned is { } learned && !learned.Span[i + 1];
            if (!isStart && !isGiven) rows.Ask(sample, i, isLabelled ? ids[i + 1] : Batch.NoLabel);
        }
    }

    private static void PutPrompted(TokenRows rows, int sample, Prompted text, bool isLabelled)
    {
        rows.Put(sample, text.Ids.AsSpan(0, text.Ids.Length - 1));
        rows.PutBytes(sample, text.Bytes);
        for (var i = Math.Max(1, text.Given); i < text.Ids.Length; i++) rows.Ask(sample, i - 1, isLabelled ? text.Ids[i] : Batch.NoLabel);
    }

    private Prompted Encode(Sample sample) => _remembered.Get(sample, () => sample.Content switch
    {
        PromptContent prompt => Encode(sample, prompt.Prompt, prompt.Completion),
        TextContent { Pair: null } text => Encode(sample, "", text.Text),
        var other => throw new DecantException($"Sample {sample.Id}: expected tokens, a text or a prompt with its completion, came {other.GetType().Name}; the source and the task do not fit together."),
    });

    private Prompted Encode(Sample sample, string prompt, string completion)
    {
        var begin = _beginOfText is { } id ? new[] { id } : [];
        var given = prompt.Length == 0 ? [] : _tokenizer.Encode(prompt);
        int[] said = [.. _tokenizer.Encode(completion), _endOfText];
        // The last token is a label alone; without begin or prompt the first one is given.
        var room = _maxTokens + 1;
        var saidKept = Math.Min(said.Length, room - Math.Max(begin.Length, given.Length > 0 ? 1 : 0));
        var givenKept = Math.Min(given.Length, room - begin.Length - saidKept);
        if (saidKept < 1) throw new DecantException($"Sample {sample.Id}: {_maxTokens} tokens leave no room for the completion; allow more.");
        int[] ids = [.. begin, .. given.AsSpan(given.Length - givenKept), .. said.AsSpan(0, saidKept)];
        if (ids.Length < 2) throw new DecantException($"Sample {sample.Id}: the text has no tokens, so there is nothing to predict; take it out, or name a token that begins texts.");
        var leftOut = given.Length - givenKept + said.Length - saidKept;
        // What the cut-off end or the first token says is not known in bytes.
        long? bytes = saidKept == said.Length && begin.Length + givenKept > 0 ? Encoding.UTF8.GetByteCount(completion) : null;
        return new Prompted(ids, begin.Length + givenKept, leftOut, bytes);
    }

    /// <param name="Ids">All tokens, of which the last is a label alone.</param>
    /// <param name="Given">How many of them are given and not learned.</param>
    /// <param name="LeftOut">How many were cut off.</param>
    /// <param name="Bytes">What the others say.</param>
    private sealed record Prompted(int[] Ids, int Given, int LeftOut, long? Bytes);
}
