namespace Decant.Data;

/// <summary>A small random generator with a savable state: xoshiro256**, seeded through SplitMix64.</summary>
/// <remarks>
/// Its sequence is part of what makes a run reproducible and never changes; that of <see cref="Random"/> may, from one .NET to the next.
/// Source: Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators".
/// </remarks>
internal struct Rng
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>The generator of a seed.</summary>
    /// <param name="seed">Any number.</param>
    public Rng(ulong seed)
    {
        _s0 = NextSeed(ref seed);
        _s1 = NextSeed(ref seed);
        _s2 = NextSeed(ref seed);
        _s3 = NextSeed(ref seed);
    }

    /// <summary>The four words of the state; setting them continues a saved sequence.</summary>
    /// <exception cref="ArgumentException">All four words are zero: a sequence of zeros.</exception>
    public (ulong S0, ulong S1, ulong S2, ulong S3) State
    {
        readonly get => (_s0, _s1, _s2, _s3);
        set
        {
            if ((value.S0 | value.S1 | value.S2 | value.S3) == 0) throw new ArgumentException("The state of a generator cannot be all zeros.", nameof(value));
            (_s0, _s1, _s2, _s3) = value;
        }
    }

    /// <summary>The generator of a seed and of up to three keys, such as epoch and sample: independent for any two that differ.</summary>
    public static Rng For(ulong seed, ulong key1, ulong key2 = 0, ulong key3 = 0) => new(Mix(Mix(Mix(Mix(seed) + key1) + key2) + key3));

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64()
    {
        var result = ulong.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = ulong.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A number from 0 to <paramref name="exclusiveMax"/> − 1, each equally likely.</summary>
    public int Next(int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMax);
        var range = (ulong)exclusiveMax;
        // Lemire's multiplication; the rejection keeps it exactly uniform.
        var product = Math.BigMul(NextUInt64(), range, out var low);
        if (low < range)
            for (var threshold = unchecked(0 - range) % range; low < threshold;) product = Math.BigMul(NextUInt64(), range, out low);
        return (int)product;
    }

    /// <summary>A number from <paramref name="min"/> to <paramref name="max"/>, both included.</summary>
    public int NextBetween(int min, int max) => min + Next(checked(max - min + 1));

    /// <summary>A number in [0, 1) of 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Puts the items into random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = Next(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    internal static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private static ulong NextSeed(ref ulong state)
    {
        var result = Mix(state);
        state += 0x9E3779B97F4A7C15;
        return result;
    }
}
