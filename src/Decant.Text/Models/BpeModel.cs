using System.Text.Json;
using Decant.Text.PreTokenization;
using Decant.Text.Unicode;

namespace Decant.Text.Models;

/// <summary>Begins with single characters and joins the neighbours with the merge that was learned first, until none is left to join.</summary>
/// <remarks>Source: Sennrich et al. 2016; a word of n characters takes n log n steps.</remarks>
internal sealed class BpeModel : TokenModel
{
    private const int ShortWord = 16;
    private readonly Dictionary<string, int> _vocabulary;
    private readonly IReadOnlyList<(string Left, string Right)> _merges;
    private readonly BpeOptions _options;
    private readonly MergeTable _table;
    private readonly BpeBoundaries? _seams;
    private readonly WordCache _parts = new();
    private readonly int[] _characters = new int[0x10000];
    private readonly int[]? _bytes;
    private readonly int _unknown = -1;

    public BpeModel(Dictionary<string, int> vocabulary, IReadOnlyList<(string Left, string Right)> merges, BpeOptions? options = null)
    {
        (_vocabulary, _merges, _options) = (vocabulary, merges, options ?? new BpeOptions());
        _table = new MergeTable(vocabulary, merges, _options.Prefix);
        if (_options.Unknown is { } unknown && !vocabulary.TryGetValue(unknown, out _unknown)) _unknown = -1;
        _bytes = _options.ByteFallback ? ByteTokens.Find(vocabulary) : null;
        Array.Fill(_characters, -1);
        foreach (var (token, id) in vocabulary)
            if (token.Length == 1) _characters[token[0]] = id;
        if (_options is { Prefix: "", Suffix: "", IgnoreMerges: false }) _seams = new BpeBoundaries(vocabulary.Keys, c => !_options.FuseUnknown || _characters[c] >= 0);
    }

    public override IReadOnlyDictionary<string, int> Vocabulary => _vocabulary;

    /// <summary>What is joined, the earliest learned first.</summary>
    public IReadOnlyList<(string Left, string Right)> Merges => _merges;

    public BpeOptions Options => _options;

    public override string? UnknownToken => _options.Unknown;

    public override string? SubwordPrefix => _options.Prefix.Length > 0 ? _options.Prefix : null;

    public override void Encode(ReadOnlySpan<char> word, List<Token> tokens)
    {
        if (_options.IgnoreMerges && _vocabulary.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out var whole))
        {
            tokens.Add(new Token(whole, 0, word.Length));
            return;
        }

        if (_seams is null || word.Length <= ShortWord)
        {
            EncodePart(word, 0, tokens);
            return;
        }

        for (var start = 0; start < word.Length;)
        {
            var end = _seams.Next(word, start);
            EncodeKnownPart(word[start..end], start, tokens);
            start = end;
        }
    }

    /// <summary>All tokens from which merges lead to a kept one; bytes, however they are written; and the unknown.</summary>
    public override IEnumerable<int> NeededBy(IReadOnlySet<int> kept)
    {
        var sources = _merges.ToLookup(merge => _vocabulary[string.Concat(merge.Left, merge.Right.AsSpan(_options.Prefix.Length))]);
        var needed = new HashSet<int>(kept);
        needed.UnionWith(IdsOf([_options.Unknown], _vocabulary));
        if (_bytes is not null) needed.UnionWith(_bytes.Where(id => id >= 0));
        if (ByteLevel.Alphabet.All(_vocabulary.ContainsKey)) needed.UnionWith(IdsOf(ByteLevel.Alphabet, _vocabulary));
        var open = new Stack<int>(needed);
        while (open.TryPop(out var id))
            foreach (var (left, right) in sources[id])
                foreach (var part in IdsOf([left, right], _vocabulary))
                    if (needed.Add(part)) open.Push(part);
        return needed;
    }

    public override TokenModel Restricted(IReadOnlyDictionary<int, int> numbers)
    {
        var vocabulary = Restricted(_vocabulary, numbers);
        return new BpeModel(vocabulary, [.. _merges.Where(merge => vocabulary.ContainsKey(string.Concat(merge.Left, merge.Right.AsSpan(_options.Prefix.Length))))], _options);
    }

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "BPE");
        json.WriteNull("dropout");
        json.WriteString("unk_token", _options.Unknown);
        json.WriteString("continuing_subword_prefix", _options.Prefix.Length > 0 ? _options.Prefix : null);
        json.WriteString("end_of_word_suffix", _options.Suffix.Length > 0 ? _options.Suffix : null);
        json.WriteBoolean("fuse_unk", _options.FuseUnknown);
        json.WriteBoolean("byte_fallback", _options.ByteFallback);
        if (_options.IgnoreMerges) json.WriteBoolean("ignore_merges", true);
        WriteVocabulary(json, _vocabulary);
        json.WriteStartArray("merges");
        var hasSpaces = _merges.Any(merge => merge.Left.Contains(' ', StringComparison.Ordinal) || merge.Right.Contains(' ', StringComparison.Ordinal));
        foreach (var (left, right) in _merges)
        {
            if (!hasSpaces)
            {
                json.WriteStringValue($"{left} {right}");
                continue;
            }

            json.WriteStartArray();
            json.WriteStringValue(left);
            json.WriteStringValue(right);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void EncodeKnownPart(ReadOnlySpan<char> part, int offset, List<Token> tokens)
    {
        if (part.Length == 1 && _characters[part[0]] is var id and >= 0)
        {
            tokens.Add(new Token(id, offset, offset + 1));
            return;
        }

        if (part.Length > WordCache.LongestWord)
        {
            EncodePart(part, offset, tokens);
            return;
        }

        var hash = WordCache.HashOf(part);
        if (_parts.Find(part, hash) is not { } known)
        {
            var made = new List<Token>();
            EncodePart(part, 0, made);
            _parts.Add(part, hash, known = [.. made]);
        }

        foreach (var token in known) tokens.Add(new Token(token.Id, token.Start + offset, token.End + offset));
    }

    private void EncodePart(ReadOnlySpan<char> word, int offset, List<Token> tokens)
    {
        using var symbols = new BpeSymbols(_options.ByteFallback ? word.Length * 3 : word.Length);
        for (var at = 0; at < word.Length;)
        {
            var size = Characters.UnitsAt(word, at);
            AddSymbol(word, at, size, symbols);
            at += size;
        }

        symbols.Merge(_table);
        symbols.CopyTo(tokens, offset);
    }

    private void AddSymbol(ReadOnlySpan<char> word, int at, int size, BpeSymbols symbols)
    {
        var id = IdOf(word, at, size);
        if (id >= 0)
        {
            symbols.Add(id, at, at + size);
            return;
        }

        if (_bytes is not null)
        {
            Span<byte> bytes = stackalloc byte[4];
            bytes = bytes[..Characters.RuneAt(word, at).EncodeToUtf8(bytes)];
            if (ByteTokens.HasAll(_bytes, bytes))
            {
                foreach (var value in bytes) symbols.Add(_bytes[value], at, at + size);
                return;
            }
        }

        if (_unknown >= 0) symbols.AddUnknown(_unknown, at, at + size, _options.FuseUnknown);
        else if (_options.Unknown is { } unknown) throw new DecantException($"The character '{word.Slice(at, size)}' is not in the vocabulary, and neither is the token '{unknown}' for the unknown.");
    }

    private int IdOf(ReadOnlySpan<char> word, int at, int size)
    {
        var prefix = at > 0 ? _options.Prefix : "";
        var suffix = at + size == word.Length ? _options.Suffix : "";
        if (prefix.Length + suffix.Length > 0) return _vocabulary.GetValueOrDefault($"{prefix}{word.Slice(at, size)}{suffix}", -1);
        if (size == 1) return _characters[word[at]];
        return _vocabulary.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word.Slice(at, size), out var id) ? id : -1;
    }
}

/// <summary>The tokens &lt;0x00&gt; to &lt;0xFF&gt;.</summary>
internal static class ByteTokens
{
    /// <summary>The characters of &lt;0x00&gt; to &lt;0xFF&gt; and the space: such a name that stands in a text must not be taken for the byte.</summary>
    public const string NameCharacters = "▁<>x0123456789ABCDEF";

    public static string Name(int value) => $"<0x{value:X2}>";

    /// <summary>Their ids; −1 for those that a vocabulary lacks.</summary>
    public static int[] Find(IReadOnlyDictionary<string, int> vocabulary) => [.. Enumerable.Range(0, 256).Select(value => vocabulary.TryGetValue(Name(value), out var id) ? id : -1)];

    public static bool HasAll(int[] ids, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            if (ids[value] < 0) return false;
        return true;
    }

    /// <summary>The byte that a token encodes, or −1.</summary>
    public static int ValueOf(string token) => token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
        && byte.TryParse(token.AsSpan(3, 2), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : -1;
}
