using System.Runtime.InteropServices;
using Decant.Data.Labels;
using Decant.Text;

namespace Decant.Data.Batching;

/// <summary>Sequences for a masked language model: rows are the tokens that were chosen, their labels what stood there. Special tokens are never chosen.</summary>
/// <remarks>What is chosen depends on the seed, the epoch and the sample's id alone. A sample without an annotation has rows without labels.</remarks>
internal sealed class MaskedCollator : ITokenCollator
{
    private readonly ITokenizer _tokenizer;
    private readonly int _maxTokens;
    private readonly MaskedOptions _options;
    private readonly SpecialIds _special;
    private readonly int _mask;
    private readonly int[] _ordinary; // what a token may be replaced by
    private readonly WordStarts? _words;
    private readonly CachedTokens<EncodedText> _remembered = new(text => text.Ids.Length);

    /// <summary>A collator.</summary>
    /// <param name="tokenizer">Turns text into ids; it must have a [MASK].</param>
    /// <param name="maxTokens">T, the most tokens of a sequence, special ones included; 3 or more.</param>
    /// <param name="options">How tokens are hidden; null: as BERT.</param>
    /// <exception cref="DecantException">The tokenizer has no [MASK], or the shares sum to more than 1.</exception>
    public MaskedCollator(ITokenizer tokenizer, int maxTokens, MaskedOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 3);
        (_tokenizer, _maxTokens, _options) = (tokenizer, maxTokens, (options ?? new MaskedOptions()).Checked());
        if (_options.Masked + _options.Replaced > 1)
            throw new DecantException($"'masked' ({_options.Masked}) and 'replaced' ({_options.Replaced}) sum to more than 1; what remains of 1 stays as it is.");
        _special = SpecialIds.Of(tokenizer);
        _mask = _special.RequireMask("A masked language model");
        _ordinary = [.. tokenizer.TokenToId.Values.Where(id => !_special.Contains(id)).Distinct().Order()]; // not every id below V need be a token
        if (_ordinary.Length == 0) throw new DecantException("The tokenizer has no tokens but special ones; nothing can be hidden.");
        _words = _options.WholeWords ? WordStarts.Of(tokenizer) : null;
    }

    /// <inheritdoc/>
    public bool HasLengths => true;

    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Sample> samples, ulong seed, int epoch)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var rows = new TokenRows(CollatorParts.IdsOf(samples), samples.Max(TokensOf), _special.Pad, _tokenizer.VocabularySize);
        for (var i = 0; i < samples.Count; i++)
        {
            var text = Encode(samples[i]);
            var shown = text.Ids.ToArray();
            var chance = CollatorParts.ChanceOf(samples[i], seed, epoch);
            foreach (var position in Choose(text.Ids, ref chance))
            {
                rows.Ask(i, position, samples[i].Annotation is ContentAnnotation ? text.Ids[position] : Batch.NoLabel);
                shown[position] = Hide(text.Ids[position], ref chance);
            }

            rows.Put(i, shown);
            rows.PutTypes(i, text.TypeIds);
            rows.PutBytes(i, null);
            rows.PutFirstLabel(i, (samples[i].Content as TokenContent)?.Start - _special.Before.Length);
            if (samples[i].Content is TokenContent { DocumentStarts: { } starts }) rows.PutSegments(i, shown.Length, [.. starts.Select(start => start == 0 ? 0 : start + _special.Before.Length)]);
        }

        return rows.ToBatch();
    }

    /// <inheritdoc/>
    public int TokensOf(Sample sample) => Encode(sample).Ids.Length;

    /// <inheritdoc/>
    public int LeftOut(Sample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var kept = TokensOf(sample);
        return kept < _maxTokens || sample.Content is not TextContent text ? 0 : _tokenizer.EncodeForModel(text.Text, text.Pair, int.MaxValue).Ids.Length - kept;
    }

    private List<int> Choose(int[] ids, ref Rng chance)
    {
        var words = new List<List<int>>();
        for (var i = 0; i < ids.Length; i++)
        {
            if (_special.Contains(ids[i])) continue;
            var goesOn = _words is not null && words.Count > 0 && words[^1][^1] == i - 1 && !_words.Begins(ids[i]);
            if (goesOn) words[^1].Add(i);
            else words.Add([i]);
        }

        var chosen = new List<int>();
        foreach (var word in words)
            if (chance.NextDouble() < _options.Probability) chosen.AddRange(word);
        if (chosen.Count == 0 && words.Count > 0) chosen.AddRange(words[chance.Next(words.Count)]);
        return chosen;
    }

    private int Hide(int id, ref Rng chance)
    {
        var draw = chance.NextDouble();
        if (draw < _options.Masked) return _mask;
        return draw < _options.Masked + _options.Replaced ? _ordinary[chance.Next(_ordinary.Length)] : id;
    }

    private EncodedText Encode(Sample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return _remembered.Get(sample, () => sample.Content switch
        {
            TextContent text => _tokenizer.EncodeForModel(text.Text, text.Pair, _maxTokens),
            TokenContent packed => Wrap(sample, packed),
            var other => throw new DecantException($"Sample {sample.Id}: expected tokens or a text, came {other.GetType().Name}; the source and the task do not fit together."),
        });
    }

    private EncodedText Wrap(Sample sample, TokenContent packed)
    {
        int[] ids = [.. _special.Before, .. MemoryMarshal.ToEnumerable(packed.Ids), .. _special.After];
        return ids.Length <= _maxTokens ? new EncodedText(ids, new byte[ids.Length]) : throw new DecantException(
            $"Sample {sample.Id}: a sequence of {ids.Length} tokens with those around it, and the most are {_maxTokens}; pack the text into sequences of {_maxTokens - _special.Before.Length - _special.After.Length}.");
    }
}
