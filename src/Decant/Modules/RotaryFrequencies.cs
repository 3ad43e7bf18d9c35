namespace Decant.Modules;

/// <summary>How fast the pairs of a <see cref="RotaryEmbedding"/> turn, and how that was stretched for texts longer than those first trained on.</summary>
internal abstract record RotaryFrequencies
{
    /// <summary>r, how many numbers of a head are turned; even.</summary>
    public required int Width { get; init; }

    /// <summary>The base of the powers; 10,000.</summary>
    public double Base { get; init; } = 10_000;

    /// <summary>What cosines and sines are multiplied by; 1.</summary>
    public virtual double Magnitude => 1;

    /// <summary>The angle per position of every pair, in radians.</summary>
    /// <param name="length">What <see cref="LengthFor"/> gave.</param>
    /// <returns>[r ÷ 2].</returns>
    public abstract float[] Speeds(long length);

    /// <summary>The length that the angles of a text of a number of positions depend on; 0 where they are the same for all lengths up to it.</summary>
    public virtual long LengthFor(long positions) => 0;

    /// <summary>base^(−2i ÷ r).</summary>
    private protected float[] Plain(double @base) =>
        [.. Enumerable.Range(0, Width / 2).Select(i => 1f / (float)Math.Pow(@base, (double)(2f * i / Width)))];
}

/// <summary>Not stretched.</summary>
internal sealed record DefaultFrequencies : RotaryFrequencies
{
    /// <inheritdoc/>
    public override float[] Speeds(long length) => Plain(Base);
}

/// <summary>All slower by a factor (position interpolation, Chen 2023): <c>linear</c>.</summary>
/// <param name="Factor">By how much.</param>
internal sealed record LinearFrequencies(double Factor) : RotaryFrequencies
{
    /// <inheritdoc/>
    public override float[] Speeds(long length) => [.. Plain(Base).Select(s => s / (float)Factor)];
}

/// <summary>A larger base the longer the text is, none up to the length trained on (NTK-aware, 2023): <c>dynamic</c>.</summary>
/// <param name="Factor">By how much the text may be longer.</param>
/// <param name="Positions">The length trained on.</param>
internal sealed record DynamicFrequencies(double Factor, long Positions) : RotaryFrequencies
{
    /// <inheritdoc/>
    public override float[] Speeds(long length) =>
        Plain(Base * Math.Pow((Factor * Math.Max(length, Positions) / Positions) - (Factor - 1), Width / (Width - 2.0)));

    /// <inheritdoc/>
    public override long LengthFor(long positions) => positions > Positions ? positions : 0;
}

/// <summary>Slow pairs slower by a factor, quick ones as they were, those between in proportion (Llama 3.1): <c>llama3</c>.</summary>
/// <param name="Factor">By how much.</param>
/// <param name="Positions">The length first trained on.</param>
/// <param name="Low">Pairs that turn fewer times than this over that length are slowed down.</param>
/// <param name="High">Pairs that turn more often are left alone.</param>
internal sealed record Llama3Frequencies(double Factor, long Positions, double Low, double High) : RotaryFrequencies
{
    /// <inheritdoc/>
    public override float[] Speeds(long length) => [.. Plain(Base).Select(Stretched)];

    private float Stretched(float speed)
    {
        var turns = Positions * speed / (2 * Math.PI);
        var kept = Math.Clamp((turns - Low) / (High - Low), 0, 1);
        return (float)(((1 - kept) * speed / Factor) + (kept * speed));
    }
}

/// <summary>Slow pairs slower by a factor along a ramp, and scores enlarged (Peng 2023): <c>yarn</c>.</summary>
/// <param name="Factor">By how much.</param>
/// <param name="Positions">The length first trained on.</param>
/// <param name="Scale">What cosines and sines are multiplied by; 0.1·ln(factor) + 1 in the paper.</param>
internal sealed record YarnFrequencies(double Factor, long Positions, double Scale) : RotaryFrequencies
{
    /// <summary>Pairs that turn more often than this over the length first trained on are left alone; 32.</summary>
    public double Fast { get; init; } = 32;

    /// <summary>Pairs that turn fewer times are slowed down by the whole factor; 1.</summary>
    public double Slow { get; init; } = 1;

    /// <summary>Whether the ramp begins and ends at whole pairs; true.</summary>
    public bool Truncate { get; init; } = true;

    /// <inheritdoc/>
    public override double Magnitude => Scale;

    /// <inheritdoc/>
    public override float[] Speeds(long length)
    {
        var (low, high) = (PairOf(Fast), PairOf(Slow));
        if (Truncate)
            (low, high) = (Math.Floor(low), Math.Ceiling(high));
        (low, high) = (Math.Max(low, 0), Math.Min(high, Width - 1));
        var span = high == low ? 0.001 : high - low;
        return [.. Plain(Base).Select((speed, i) =>
        {
            var slowed = Math.Clamp((i - low) / span, 0, 1);
            return (float)((slowed * speed / Factor) + ((1 - slowed) * speed));
        })];
    }

    // The pair, as a fraction, that turns a given number of times over the length.
    private double PairOf(double turns) => Width * Math.Log(Positions / (turns * 2 * Math.PI)) / (2 * Math.Log(Base));
}
