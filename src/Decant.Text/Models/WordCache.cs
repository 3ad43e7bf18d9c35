using System.Runtime.InteropServices;

namespace Decant.Text.Models;

/// <summary>The tokens of words seen before: a table of fixed size in which a word that comes later takes the place of one with the same hash.</summary>
/// <remarks>Safe to use from several threads without a lock: an entry never changes, and a place is read and written whole.</remarks>
internal sealed class WordCache
{
    /// <summary>Longer words are not kept.</summary>
    public const int LongestWord = 48;

    private const int Capacity = 1 << 16;
    private readonly Entry?[] _entries = new Entry?[Capacity];

    private sealed record Entry(ulong Hash, string Word, Token[] Tokens);

    public static ulong HashOf(ReadOnlySpan<char> word)
    {
        const ulong factor = 0x9E3779B97F4A7C15;
        var hash = (ulong)word.Length * factor;
        var longs = MemoryMarshal.Cast<char, ulong>(word);
        foreach (var four in longs) hash = System.Numerics.BitOperations.RotateLeft((hash ^ four) * factor, 29);
        foreach (var c in word[(longs.Length * 4)..]) hash = System.Numerics.BitOperations.RotateLeft((hash ^ c) * factor, 23);
        return (hash ^ (hash >> 32)) * factor;
    }

    public Token[]? Find(ReadOnlySpan<char> word, ulong hash)
    {
        var place = (int)(hash >> 48);
        if (Volatile.Read(ref _entries[place]) is { } first && first.Hash == hash && word.SequenceEqual(first.Word)) return first.Tokens;
        if (Volatile.Read(ref _entries[place ^ 1]) is { } second && second.Hash == hash && word.SequenceEqual(second.Word)) return second.Tokens;
        return null;
    }

    public void Add(ReadOnlySpan<char> word, ulong hash, Token[] tokens)
    {
        var place = (int)(hash >> 48);
        if (Volatile.Read(ref _entries[place]) is not null && Volatile.Read(ref _entries[place ^ 1]) is null) place ^= 1;
        Volatile.Write(ref _entries[place], new Entry(hash, word.ToString(), tokens));
    }
}
