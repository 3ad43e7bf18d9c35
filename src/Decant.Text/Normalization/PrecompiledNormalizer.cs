using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Decant.Text.Unicode;

namespace Decant.Text.Normalization;

/// <summary>SentencePiece's compiled rules: a double-array trie over UTF-8 from what is replaced to what replaces it.</summary>
/// <remarks>
/// The bytes are: the trie's size (4 bytes), its units (4 bytes each), then texts, each ended by a zero. As in the <c>tokenizers</c> library rules are looked up
/// for a grapheme of fewer than 6 bytes first, for its characters otherwise, and of several rules that begin alike the shortest wins; SentencePiece itself
/// takes the longest and knows no graphemes.
/// </remarks>
internal sealed class PrecompiledNormalizer : Normalizer
{
    private readonly uint[] _units;
    private readonly byte[] _texts;
    private readonly string?[] _single = new string?[0x10000];
    private readonly bool[] _isKnown = new bool[0x10000];

    public PrecompiledNormalizer(byte[] charsmap, string path)
    {
        var size = charsmap.Length < 4 ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(charsmap);
        if (size % 4 != 0 || size > charsmap.Length - 4) throw new DecantException($"{path}: the compiled normalisation rules are cut off; export the tokenizer again.");
        _units = new uint[size / 4];
        for (var i = 0; i < _units.Length; i++) _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(charsmap.AsSpan(4 + (i * 4)));
        _texts = charsmap[(4 + (int)size)..];
    }

    public override void Normalize(TextBuffer text)
    {
        var length = text.Length;
        text.Begin();
        for (var at = 0; at < length;)
        {
            // A printable ASCII character before another one is a grapheme of its own.
            var size = IsPlain(text.Text[at]) && (at + 1 == length || text.Text[at + 1] < 0x300) ? 1 : StringInfo.GetNextTextElementLength(text.Text[at..]);
            if (Encoding.UTF8.GetByteCount(text.Text.Slice(at, size)) < 6 && Find(text.Text.Slice(at, size)) is { } whole) text.Append(whole, at, at + size);
            else AppendCharacters(text, at, at + size);
            at += size;
        }

        text.Commit();
    }

    private void AppendCharacters(TextBuffer text, int at, int end)
    {
        while (at < end)
        {
            var size = Characters.UnitsAt(text.Text, at);
            if (Find(text.Text.Slice(at, size)) is { } replacement) text.Append(replacement, at, at + size);
            else text.Copy(at, size);
            at += size;
        }
    }

    private static bool IsPlain(char c) => c is >= ' ' and <= '~';

    private string? Find(ReadOnlySpan<char> text)
    {
        if (text.Length > 1) return FindInTrie(text);
        var c = text[0];
        if (Volatile.Read(ref _isKnown[c])) return _single[c];
        _single[c] = FindInTrie(text);
        Volatile.Write(ref _isKnown[c], true);
        return _single[c];
    }

    private string? FindInTrie(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[64];
        if (text.Length > 16) return null;
        bytes = bytes[..Encoding.UTF8.GetBytes(text, bytes)];
        var node = 0u;
        if (_units.Length == 0) return null;
        node ^= Offset(_units[0]);
        foreach (var value in bytes)
        {
            if (value == 0) return null;
            node ^= value;
            if (node >= _units.Length || Label(_units[node]) != value) return null;
            var unit = _units[node];
            node ^= Offset(unit);
            if (node >= _units.Length) return null;
            if ((unit >> 8 & 1) == 1) return TextAt(_units[node] & 0x7FFFFFFF);
        }

        return null;
    }

    private static uint Label(uint unit) => unit & 0x800000FF;

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);

    private string? TextAt(uint place)
    {
        if (place >= _texts.Length) return null;
        var rest = _texts.AsSpan((int)place);
        var end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }
}
