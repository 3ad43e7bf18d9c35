using System.Buffers;
using System.Text;
using System.Text.Json;
using Decant.Text.Unicode;
using Decant.Text.Vocabularies;

namespace Decant.Text.Models;

/// <summary>The cut of a word into tokens with the largest sum of scores, which are logarithms of probabilities.</summary>
/// <remarks>Source: Kudo 2018, by Viterbi's algorithm; of equal sums the first found holds, as in the <c>tokenizers</c> library.</remarks>
internal sealed class UnigramModel : TokenModel
{
    private const double UnknownPenalty = 10;
    private readonly (string Token, double Score)[] _tokens;
    private readonly Dictionary<string, int> _vocabulary;
    private readonly CharTrie _trie = new();
    private readonly double _unknownScore;
    private readonly int? _unknown;
    private readonly bool _byteFallback;
    private readonly int[]? _bytes;

    public UnigramModel((string Token, double Score)[] tokens, int? unknown, bool byteFallback)
    {
        (_tokens, _unknown, _byteFallback) = (tokens, unknown, byteFallback);
        if (unknown is { } id && (id < 0 || id >= tokens.Length)) throw new DecantException($"The unknown token has the id {id}; the vocabulary has the ids 0 to {tokens.Length - 1}.");
        _vocabulary = new Dictionary<string, int>(tokens.Length, StringComparer.Ordinal);
        for (var i = 0; i < tokens.Length; i++)
        {
            _vocabulary[tokens[i].Token] = i;
            if (tokens[i].Token.Length > 0) _trie.Add(tokens[i].Token, i);
        }

        _unknownScore = tokens.Select(token => token.Score).DefaultIfEmpty(0).Min() - UnknownPenalty;
        _bytes = byteFallback ? ByteTokens.Find(_vocabulary) : null;
    }

    private struct Step
    {
        public double Score;
        public int Start; // −1: not reached
        public int Id;
    }

    public override IReadOnlyDictionary<string, int> Vocabulary => _vocabulary;

    public override string? UnknownToken => _unknown is { } id ? _tokens[id].Token : null;

    public override void Encode(ReadOnlySpan<char> word, List<Token> tokens)
    {
        var steps = ArrayPool<Step>.Shared.Rent(word.Length + 1);
        try
        {
            Search(word, steps);
            Collect(word, steps, tokens);
        }
        finally
        {
            ArrayPool<Step>.Shared.Return(steps);
        }
    }

    /// <summary>The characters of kept tokens, so that none becomes unknown; the unknown with what its score depends on; and the bytes.</summary>
    public override IEnumerable<int> NeededBy(IReadOnlySet<int> kept)
    {
        var needed = new HashSet<int>();
        if (_bytes is not null)
        {
            needed.UnionWith(_bytes.Where(id => id >= 0));
            needed.UnionWith(IdsOf(ByteTokens.NameCharacters.Select(c => c.ToString()), _vocabulary)); // or <0x41> in a text would be the byte
        }

        if (_unknown is { } unknown) needed.Add(unknown);
        if (_tokens.Length > 0) needed.Add(Enumerable.Range(0, _tokens.Length).MinBy(id => _tokens[id].Score));
        foreach (var id in kept.Where(id => id < _tokens.Length)) needed.UnionWith(IdsOf(_tokens[id].Token.EnumerateRunes().Select(rune => rune.ToString()), _vocabulary));
        return needed;
    }

    public override TokenModel Restricted(IReadOnlyDictionary<int, int> numbers)
    {
        (string, double)[] tokens = [.. Enumerable.Range(0, _tokens.Length).Where(numbers.ContainsKey).Select(id => _tokens[id])];
        return new UnigramModel(tokens, _unknown is { } id ? numbers[id] : null, _byteFallback);
    }

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "Unigram");
        if (_unknown is { } id) json.WriteNumber("unk_id", id);
        else json.WriteNull("unk_id");
        json.WriteStartArray("vocab");
        foreach (var (token, score) in _tokens)
        {
            json.WriteStartArray();
            json.WriteStringValue(token);
            json.WriteNumberValue(score);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteBoolean("byte_fallback", _byteFallback);
        json.WriteEndObject();
    }

    private void Search(ReadOnlySpan<char> word, Step[] steps)
    {
        for (var i = 1; i <= word.Length; i++) steps[i].Start = -1;
        steps[0] = default;
        for (var start = 0; start < word.Length;)
        {
            var size = Characters.UnitsAt(word, start);
            var hasSingle = false;
            var node = CharTrie.Root;
            for (var at = start; at < word.Length; at++)
            {
                node = _trie.Child(node, word[at]);
                if (node == 0) break;
                if (_trie.ValueOf(node) is not (var id and >= 0)) continue;
                Offer(ref steps[at + 1], steps[start].Score + _tokens[id].Score, start, id);
                hasSingle |= at + 1 - start == size;
            }

            if (!hasSingle) Offer(ref steps[start + size], steps[start].Score + _unknownScore, start, _unknown ?? throw NoUnknown(word.Slice(start, size)));
            start += size;
        }
    }

    private static void Offer(ref Step step, double score, int start, int id)
    {
        if (step.Start < 0 || score > step.Score) (step.Score, step.Start, step.Id) = (score, start, id);
    }

    /// <summary>The tokens from the last to the first, then turned round; unknown ones side by side are one.</summary>
    private void Collect(ReadOnlySpan<char> word, Step[] steps, List<Token> tokens)
    {
        var before = tokens.Count;
        for (var end = word.Length; end > 0;)
        {
            var (id, last) = (steps[end].Id, end);
            end = steps[end].Start;
            while (id == _unknown && end > 0 && steps[end].Id == _unknown) end = steps[end].Start;
            if (id == _unknown) AddUnknown(word, end, last, tokens);
            else tokens.Add(new Token(id, end, last));
        }

        tokens.Reverse(before, tokens.Count - before);
    }

    private void AddUnknown(ReadOnlySpan<char> word, int start, int end, List<Token> tokens)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(word[start..end])];
        Encoding.UTF8.GetBytes(word[start..end], bytes);
        if (_bytes is null || !ByteTokens.HasAll(_bytes, bytes))
        {
            tokens.Add(new Token(_unknown!.Value, start, end));
            return;
        }

        var last = bytes.Length;
        for (var at = end; at > start; at -= char.IsLowSurrogate(word[at - 1]) ? 2 : 1)
        {
            var from = at - (char.IsLowSurrogate(word[at - 1]) ? 2 : 1);
            for (var n = Encoding.UTF8.GetByteCount(word[from..at]); n > 0; n--) tokens.Add(new Token(_bytes[bytes[--last]], from, at));
        }
    }

    private static DecantException NoUnknown(ReadOnlySpan<char> character) => new($"The character '{character}' is not in the vocabulary, which has no token for the unknown.");
}
