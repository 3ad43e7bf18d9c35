namespace Decant.Data.Duplicates;

/// <summary>The set of a text's shingles, as 64-bit hashes.</summary>
internal static class Shingles
{
    private const ulong Base = 0xD6E8FEB86659FD93;

    /// <summary>The set.</summary>
    /// <param name="parts">The text.</param>
    /// <param name="size">How many neighbouring parts a shingle has; a shorter text is one shingle.</param>
    /// <returns>Ascending, each once.</returns>
    public static ulong[] Of(ReadOnlySpan<ulong> parts, int size)
    {
        if (parts.Length == 0)
            return [];
        size = Math.Min(size, parts.Length);
        var shingles = new ulong[parts.Length - size + 1];
        for (var i = 0; i < shingles.Length; i++)
        {
            var hash = 0UL;
            foreach (var part in parts.Slice(i, size))
                hash = (hash * Base) + part;
            shingles[i] = Rng.Mix(hash);
        }

        Array.Sort(shingles);
        var kept = 1;
        for (var i = 1; i < shingles.Length; i++)
        {
            if (shingles[i] != shingles[kept - 1])
                shingles[kept++] = shingles[i];
        }

        return shingles[..kept];
    }

    /// <summary>|A ∩ B| ÷ |A ∪ B|; of two empty sets 1.</summary>
    public static double Jaccard(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        var (i, j, both) = (0, 0, 0);
        while (i < a.Length && j < b.Length)
        {
            if (a[i] == b[j])
                (i, j, both) = (i + 1, j + 1, both + 1);
            else if (a[i] < b[j])
                i++;
            else
                j++;
        }

        var any = a.Length + b.Length - both;
        return any == 0 ? 1 : (double)both / any;
    }
}
