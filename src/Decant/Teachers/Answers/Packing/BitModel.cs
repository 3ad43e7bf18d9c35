namespace Decant.Teachers.Answers.Packing;

/// <summary>The probabilities of binary decisions, learned while they are coded: encoder and decoder learn the same. One for each context.</summary>
/// <param name="contexts">How many contexts there are.</param>
internal sealed class BitModel(int contexts)
{
    /// <summary>The bits of a probability.</summary>
    public const int Bits = 16;

    private const int Least = 32; // 65,536ths: what never came may come
    private const int MostSeen = 254;

    // 1/(n + 1.5) in 65,536ths: with n decisions seen, the estimate is the share of zeros among them and half a zero and half a one.
    private static readonly int[] s_rates = [.. Enumerable.Range(0, MostSeen + 1).Select(seen => (int)((1 << Bits) / (seen + 1.5)))];

    private readonly ushort[] _zero = Filled(contexts);
    private readonly byte[] _seen = new byte[contexts];

    /// <summary>The probability of a 0, in 65,536ths; never 0 and never all of them.</summary>
    /// <param name="context">The context.</param>
    public uint ZeroAt(int context) => _zero[context];

    /// <summary>Learns what came: at first quickly, then as the mean of the last few hundred.</summary>
    /// <param name="context">The context.</param>
    /// <param name="bit">What came in it.</param>
    public void Learn(int context, int bit)
    {
        var seen = _seen[context];
        if (seen < MostSeen)
            _seen[context]++;
        var zero = (int)_zero[context];
        zero += (int)((long)((bit == 0 ? 1 << Bits : 0) - zero) * s_rates[seen] >> Bits);
        _zero[context] = (ushort)Math.Clamp(zero, Least, (1 << Bits) - Least);
    }

    private static ushort[] Filled(int count)
    {
        var half = new ushort[count];
        Array.Fill(half, (ushort)(1 << (Bits - 1)));
        return half;
    }
}
