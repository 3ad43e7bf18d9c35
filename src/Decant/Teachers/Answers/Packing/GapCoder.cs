using System.Numerics;

namespace Decant.Teachers.Answers.Packing;

/// <summary>
/// Codes rising ids by their distances. A distance is its number of bits, coded with a probability that is learned for the region of the vocabulary that the last id was in, the
/// two bits after its first, which are learned too, and the others as they are. So ids that are spread evenly cost little more than the logarithm of their combinations, and frequent
/// ids, which lie at the beginning of most vocabularies, less.
/// </summary>
internal sealed class GapCoder
{
    private const int Octaves = 32;
    private const int Regions = 8;
    private const int TopNodes = 3; // of the two bits after the first

    private readonly BitModel _lengths = new(Regions * Octaves);
    private readonly BitModel _tops = new(Octaves * TopNodes);

    /// <summary>Codes an id.</summary>
    /// <param name="encoder">Where to.</param>
    /// <param name="previous">The id before it; −1 for the first.</param>
    /// <param name="id">The id, larger.</param>
    public void Write(RangeEncoder encoder, int previous, int id)
    {
        var gap = (uint)(id - previous); // at least 1
        var (length, region) = (BitOperations.Log2(gap), RegionOf(previous));
        for (var node = 1; node < Octaves;)
        {
            var bit = (length >> (4 - BitOperations.Log2((uint)node))) & 1;
            encoder.Write(_lengths, region * Octaves + node, bit);
            node = 2 * node + bit;
        }

        var learned = Math.Min(2, length);
        for (var (i, node) = (0, 0); i < learned; i++)
        {
            var bit = (int)(gap >> (length - 1 - i)) & 1;
            encoder.Write(_tops, length * TopNodes + node, bit);
            node = 1 + bit;
        }

        encoder.WriteEven(gap & ((1u << (length - learned)) - 1), length - learned);
    }

    /// <summary>Reads an id.</summary>
    /// <param name="decoder">Where from.</param>
    /// <param name="previous">The id before it; −1 for the first.</param>
    public long Read(ref RangeDecoder decoder, int previous)
    {
        var (node, region) = (1, RegionOf(previous));
        while (node < Octaves)
            node = 2 * node + decoder.Read(_lengths, region * Octaves + node);
        var length = node - Octaves;
        var learned = Math.Min(2, length);
        var gap = 1u;
        for (var (i, top) = (0, 0); i < learned; i++)
        {
            var bit = decoder.Read(_tops, length * TopNodes + top);
            gap = 2 * gap + (uint)bit;
            top = 1 + bit;
        }

        return previous + (((long)gap << (length - learned)) | decoder.ReadEven(length - learned));
    }

    // The first id, then after ids below 7, 63, 511, …
    private static int RegionOf(int previous) => previous < 0 ? 0 : Math.Min(Regions - 1, 1 + BitOperations.Log2((uint)previous + 1) / 3);
}
