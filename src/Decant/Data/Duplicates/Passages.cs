using System.Runtime.InteropServices;

namespace Decant.Data.Duplicates;

/// <summary>
/// The n-grams of texts, to find passages of n words that others share with them; by 64-bit hashes, which are taken for the passages themselves. A text of fewer words, but 8 at least, is one passage: it is found where
/// it stands whole in another.
/// </summary>
/// <param name="size">n, 1 or more.</param>
internal sealed class Passages(int size)
{
    private const int FewestWords = 8;
    private const ulong Base = 0xE7037ED1A0B428DB;
    private readonly Dictionary<ulong, int> _rows = [];
    private readonly SortedSet<int> _lengths = [];

    private int Fewest => Math.Min(FewestWords, size);

    /// <summary>Adds a text.</summary>
    /// <param name="parts">Its words.</param>
    /// <param name="row">Its number.</param>
    public void Add(ReadOnlySpan<ulong> parts, int row)
    {
        var length = Math.Min(size, parts.Length);
        if (length < Fewest)
            return;
        _lengths.Add(length);
        foreach (var gram in Grams(parts, length))
            _rows.TryAdd(gram, row);
    }

    /// <summary>The text that shares a passage with another: the first one found; null: none does.</summary>
    /// <param name="parts">The other's words.</param>
    /// <returns>The text's number, and the share of the other's words that stand in shared passages, of whichever texts.</returns>
    public (int Row, double Containment)? Find(ReadOnlySpan<ulong> parts)
    {
        var (row, covered) = (-1, new bool[parts.Length]);
        foreach (var length in _lengths.Where(length => length <= covered.Length))
        {
            var grams = Grams(parts, length);
            for (var at = 0; at < grams.Length; at++)
            {
                ref var found = ref CollectionsMarshal.GetValueRefOrNullRef(_rows, grams[at]);
                if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref found))
                    continue;
                row = row < 0 ? found : row;
                covered.AsSpan(at, length).Fill(true);
            }
        }

        return row < 0 ? null : (row, (double)covered.Count(c => c) / covered.Length);
    }

    // The length is part of the hash, so that passages of different lengths never meet.
    private static ulong[] Grams(ReadOnlySpan<ulong> parts, int length)
    {
        var grams = new ulong[Math.Max(0, parts.Length - length + 1)];
        var (hash, last) = (0UL, 1UL);
        for (var i = 1; i < length; i++)
            last *= Base;
        for (var i = 0; i < parts.Length; i++)
        {
            if (i >= length)
                hash -= parts[i - length] * last;
            hash = (hash * Base) + parts[i];
            if (i >= length - 1)
                grams[i - length + 1] = Rng.Mix(hash + (ulong)length);
        }

        return grams;
    }
}
