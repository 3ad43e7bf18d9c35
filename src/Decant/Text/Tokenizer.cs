using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Decant.Text;

/// <summary>A tokenizer made of the parts that tokenizer.json names: normaliser, word cutter, model, template, decoder.</summary>
internal sealed class Tokenizer : ITokenizer
{
    private const int CachedWords = 1 << 16;
    private readonly Vocabulary _vocabulary;
    private readonly ConcurrentDictionary<string, int[]> _cache = new(StringComparer.Ordinal);
    private readonly Lazy<string> _hash;

    public Tokenizer(Vocabulary vocabulary, INormalizer? normalizer, IPreTokenizer preTokenizer, ITokenModel model, ITokenDecoder decoder)
    {
        _vocabulary = vocabulary;
        Normalizer = normalizer;
        PreTokenizer = preTokenizer;
        Model = model;
        Decoder = decoder;
        _hash = new(() => Convert.ToHexStringLower(SHA256.HashData(TokenizerJson.Write(this))));
    }

    public int VocabularySize => _vocabulary.Tokens.Count;

    public SpecialTokens Special => _vocabulary.Special;

    public IReadOnlyDictionary<string, int> TokenToId => _vocabulary.Ids;

    public string Hash => _hash.Value;

    public INormalizer? Normalizer { get; }

    public IPreTokenizer PreTokenizer { get; }

    public ITokenModel Model { get; }

    public ITokenDecoder Decoder { get; }

    public string TokenOf(int id) => id >= 0 && id < VocabularySize
        ? _vocabulary.Tokens[id] : throw new ArgumentOutOfRangeException(nameof(id), id, $"The vocabulary has the ids 0 to {VocabularySize - 1}.");

    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>(text.Length / 3);
        for (var start = 0; start < text.Length;)
        {
            var at = FindSpecial(text, start, out var special);
            if (at > start) EncodePlain(text[start..at], ids);
            if (special is not null) ids.Add(_vocabulary.Ids[special]);
            start = at + (special?.Length ?? 0);
        }

        return [.. ids];
    }

    public EncodedText EncodeForModel(string text, string? pair, int maxTokens)
    {
        var first = Encode(text);
        var second = pair is null ? [] : Encode(pair);
        var room = maxTokens - (pair is null ? 2 : 3);
        ArgumentOutOfRangeException.ThrowIfNegative(room, nameof(maxTokens));
        var (firstLength, secondLength) = CutLongest(first.Length, second.Length, room);

        var ids = new int[firstLength + secondLength + (pair is null ? 2 : 3)];
        var types = new byte[ids.Length];
        ids[0] = Special.Classification;
        first.AsSpan(0, firstLength).CopyTo(ids.AsSpan(1));
        ids[firstLength + 1] = Special.Separator;
        if (pair is null) return new EncodedText(ids, types);
        second.AsSpan(0, secondLength).CopyTo(ids.AsSpan(firstLength + 2));
        ids[^1] = Special.Separator;
        types.AsSpan(firstLength + 2).Fill(1);
        return new EncodedText(ids, types);
    }

    public string Decode(ReadOnlySpan<int> ids, bool keepSpecial = false)
    {
        var special = Special.All;
        var tokens = new List<string>(ids.Length);
        foreach (var id in ids)
            if (keepSpecial || Array.IndexOf(special, id) < 0) tokens.Add(TokenOf(id));
        return Decoder.Decode(tokens);
    }

    /// <summary>Cuts the longer one until both fit; of two that are as long, the second.</summary>
    internal static (int First, int Second) CutLongest(int first, int second, int room)
    {
        if (first + second <= room) return (first, second);
        var half = room / 2;
        if (second <= half) return (room - second, second);
        return first <= room - half ? (first, room - first) : (room - half, half);
    }

    private void EncodePlain(string text, List<int> ids)
    {
        var words = new List<string>();
        PreTokenizer.Split(Normalizer?.Normalize(text) ?? text, words);
        foreach (var word in words)
        {
            if (!_cache.TryGetValue(word, out var tokens))
            {
                var before = ids.Count;
                Model.Encode(word, ids);
                if (_cache.Count < CachedWords) _cache.TryAdd(word, [.. ids.Skip(before)]);
            }
            else ids.AddRange(tokens);
        }
    }

    /// <summary>The next special token that is written out in the text, as other tokenizers see it; the end of the text where there is none.</summary>
    private static int FindSpecial(string text, int start, out string? special)
    {
        for (var at = text.IndexOf('[', start); at >= 0; at = text.IndexOf('[', at + 1))
            foreach (var name in SpecialTokens.Names)
                if (string.CompareOrdinal(text, at, name, 0, name.Length) == 0)
                {
                    special = name;
                    return at;
                }

        special = null;
        return text.Length;
    }
}
