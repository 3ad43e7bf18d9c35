using System.Numerics;
using System.Runtime.InteropServices;

namespace Decant.Data.Duplicates;

/// <summary>
/// MinHash: of each of k permutations of 32 bits, the low 8 bits of the least image of a set's members. Two sets of the similarity J agree in a place with the probability J + (1 − J) ÷ 256
/// (Broder 1997; of the lowest bits Li and König 2010).
/// </summary>
internal sealed class MinHasher
{
    private const double Values = 256;
    private readonly uint[] _multiply;
    private readonly uint[] _add;

    /// <summary>Permutations of a seed.</summary>
    /// <param name="hashes">k.</param>
    /// <param name="seed">The seed.</param>
    public MinHasher(int hashes, ulong seed)
    {
        var random = new Rng(seed);
        _multiply = new uint[hashes];
        _add = new uint[hashes];
        for (var i = 0; i < hashes; i++)
            (_multiply[i], _add[i]) = ((uint)random.NextUInt64() | 1, (uint)random.NextUInt64());
    }

    /// <summary>k.</summary>
    public int Hashes => _multiply.Length;

    /// <summary>The signature of a set.</summary>
    /// <param name="members">The set, as hashes.</param>
    /// <returns>[k] bytes.</returns>
    public byte[] Sign(ReadOnlySpan<ulong> members)
    {
        var least = new uint[Hashes];
        Array.Fill(least, uint.MaxValue);
        foreach (var member in members)
            Least(least, (uint)(member ^ (member >> 32)));
        return Array.ConvertAll(least, value => (byte)value);
    }

    /// <summary>The similarity that two signatures let expect: (m − 1/256) ÷ (1 − 1/256), m the share of places where they agree; 0 or more.</summary>
    public static double Estimate(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var equal = 0;
        var left = MemoryMarshal.Cast<byte, Vector<byte>>(a);
        var right = MemoryMarshal.Cast<byte, Vector<byte>>(b);
        for (var i = 0; i < left.Length; i++)
            equal -= Vector.Dot(Vector.AsVectorSByte(Vector.Equals(left[i], right[i])), Vector<sbyte>.One);
        for (var i = left.Length * Vector<byte>.Count; i < a.Length; i++)
            equal += a[i] == b[i] ? 1 : 0;
        return Math.Max(0, (((double)equal / a.Length) - (1 / Values)) / (1 - (1 / Values)));
    }

    // Multiplication by an odd number, addition and murmur3's last step each permute 32 bits.
    private void Least(Span<uint> least, uint member)
    {
        var all = MemoryMarshal.Cast<uint, Vector<uint>>(least);
        var multiply = MemoryMarshal.Cast<uint, Vector<uint>>(_multiply.AsSpan());
        var add = MemoryMarshal.Cast<uint, Vector<uint>>(_add.AsSpan());
        var broadcast = new Vector<uint>(member);
        for (var i = 0; i < all.Length; i++)
        {
            var x = (broadcast * multiply[i]) + add[i];
            x = (x ^ (x >>> 16)) * new Vector<uint>(0x85EBCA6B);
            x = (x ^ (x >>> 13)) * new Vector<uint>(0xC2B2AE35);
            all[i] = Vector.Min(all[i], x ^ (x >>> 16));
        }

        for (var i = all.Length * Vector<uint>.Count; i < least.Length; i++)
        {
            var x = (member * _multiply[i]) + _add[i];
            x = (x ^ (x >> 16)) * 0x85EBCA6B;
            x = (x ^ (x >> 13)) * 0xC2B2AE35;
            least[i] = Math.Min(least[i], x ^ (x >> 16));
        }
    }
}
