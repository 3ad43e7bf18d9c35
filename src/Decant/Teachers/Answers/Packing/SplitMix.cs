namespace Decant.Teachers.Answers.Packing;

/// <summary>Random numbers of a seed (SplitMix64, Steele and others 2014): the same on every machine and in every version, so that an answer depends on its question alone.</summary>
/// <param name="seed">The seed.</param>
internal struct SplitMix(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next one, uniform in [0, 1), with 53 bits.</summary>
    public double NextDouble()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        mixed ^= mixed >> 31;
        return (mixed >> 11) * (1.0 / (1L << 53));
    }
}
