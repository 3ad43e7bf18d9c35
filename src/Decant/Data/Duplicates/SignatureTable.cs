namespace Decant.Data.Duplicates;

/// <summary>
/// Signatures in flat memory, found by their bands (locality-sensitive hashing): of b bands of r places, two sets of the similarity J agree in one at least with the probability 1 − (1 − J^r)^b.
/// r is the largest for which that is 99 % at the least similarity that counts.
/// </summary>
internal sealed class SignatureTable
{
    private const double Recall = 0.99;
    private const int MostPlaces = sizeof(ulong); // of a band, which is compared as one number
    private const int None = -1;
    private readonly int _hashes;
    private byte[] _signatures = [];
    private int[] _next = []; // by row and band
    private int[] _heads = [];

    /// <summary>An empty table.</summary>
    /// <param name="hashes">Places of a signature.</param>
    /// <param name="near">The least similarity that counts.</param>
    public SignatureTable(int hashes, double near)
    {
        _hashes = hashes;
        Places = Enumerable.Range(1, MostPlaces).Last(r => r == 1 || Found(near, r, hashes / r) >= Recall);
        Bands = hashes / Places;
    }

    /// <summary>r.</summary>
    public int Places { get; }

    /// <summary>b.</summary>
    public int Bands { get; }

    /// <summary>How many signatures there are.</summary>
    public int Count { get; private set; }

    /// <summary>The signature of a row.</summary>
    public ReadOnlySpan<byte> this[int row] => _signatures.AsSpan(row * _hashes, _hashes);

    /// <summary>Adds a signature as the next row.</summary>
    /// <exception cref="DecantException">There are as many rows as an array can hold.</exception>
    public void Add(ReadOnlySpan<byte> signature)
    {
        Reserve();
        signature.CopyTo(_signatures.AsSpan(Count * _hashes));
        for (var band = 0; band < Bands; band++)
            Chain(Count, band);
        Count++;
    }

    /// <summary>The rows that share a band with a signature, ascending.</summary>
    public List<int> Candidates(ReadOnlySpan<byte> signature)
    {
        var found = new List<int>();
        for (var band = 0; Count > 0 && band < Bands; band++)
        {
            var key = Key(signature, band);
            for (var entry = _heads[Bucket(key, band)]; entry != None; entry = _next[entry])
            {
                if (entry % Bands == band && Key(this[entry / Bands], band) == key)
                    found.Add(entry / Bands);
            }
        }

        found.Sort();
        return [.. found.Distinct()];
    }

    private static double Found(double similarity, int places, int bands) => 1 - Math.Pow(1 - Math.Pow(similarity, places), bands);

    private void Reserve()
    {
        if (Count * Bands < _next.Length)
            return;
        var rows = Math.Max(64L, 2L * Count);
        if (rows * Math.Max(_hashes, 2 * Bands) > Array.MaxLength)
            rows = Array.MaxLength / Math.Max(_hashes, 2 * Bands);
        if (rows <= Count)
            throw new DecantException($"near duplicates: there are more than {Count:N0} texts to compare with. Compare with a part of them at a time.");
        Array.Resize(ref _signatures, (int)rows * _hashes);
        Array.Resize(ref _next, (int)rows * Bands);
        _heads = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)_next.Length)];
        Array.Fill(_heads, None);
        for (var row = 0; row < Count; row++)
        {
            for (var band = 0; band < Bands; band++)
                Chain(row, band);
        }
    }

    private void Chain(int row, int band)
    {
        var bucket = Bucket(Key(this[row], band), band);
        _next[(row * Bands) + band] = _heads[bucket];
        _heads[bucket] = (row * Bands) + band;
    }

    private ulong Key(ReadOnlySpan<byte> signature, int band)
    {
        var key = 0UL;
        foreach (var place in signature.Slice(band * Places, Places))
            key = (key << 8) | place;
        return key;
    }

    private int Bucket(ulong key, int band) => (int)(Rng.Mix(key ^ Rng.Mix((ulong)band)) & (ulong)(_heads.Length - 1));
}
