namespace Decant.Text.Models;

/// <summary>Boundaries in a word that no token crosses: between two characters that stand side by side in no token of the vocabulary.</summary>
/// <remarks>
/// All merging goes on between such places, so a long text without spaces to cut at (Llama's tokenizer has none, Chinese has none) can be cut there and its
/// parts remembered, with equal ids. Pairs are kept as bits by their hash: a pair that only seems to occur is not cut, which costs time but no exactness.
/// </remarks>
internal sealed class BpeBoundaries
{
    private readonly ulong[] _pairs = new ulong[1 << 16]; // 4 million bits
    private readonly bool[] _isKnown = new bool[0x10000];

    /// <param name="tokens">The vocabulary.</param>
    /// <param name="isKnown">Whether a character is in the vocabulary, where unknown ones side by side would become one.</param>
    public BpeBoundaries(IEnumerable<string> tokens, Func<char, bool> isKnown)
    {
        foreach (var token in tokens)
            for (var i = 0; i + 1 < token.Length; i++) _pairs[Bit(token[i], token[i + 1]) >> 6] |= 1UL << (int)(Bit(token[i], token[i + 1]) & 63);
        for (var c = 0; c < _isKnown.Length; c++) _isKnown[c] = isKnown((char)c);
    }

    /// <summary>The first place after <paramref name="start"/> to cut at, or the end.</summary>
    public int Next(ReadOnlySpan<char> word, int start)
    {
        for (var at = start + 1; at < word.Length; at++)
        {
            var (left, right) = (word[at - 1], word[at]);
            var bit = Bit(left, right);
            if ((_pairs[bit >> 6] >> (int)(bit & 63) & 1) == 0 && (_isKnown[left] || _isKnown[right]) && !char.IsLowSurrogate(right)) return at;
        }

        return word.Length;
    }

    private static uint Bit(char left, char right) => ((((uint)left << 16) | right) * 0x9E3779B1u) >> 10;
}
