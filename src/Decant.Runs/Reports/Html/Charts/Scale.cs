namespace Decant.Runs.Reports.Html.Charts;

/// <summary>An axis: values to per cent of its length, with round ticks.</summary>
internal sealed class Scale
{
    private Scale(double low, double high, IReadOnlyList<double> ticks, bool log) => (Low, High, Ticks, IsLog) = (low, high, ticks, log);

    /// <summary>Whether equal steps are equal factors.</summary>
    public bool IsLog { get; }

    public double Low { get; }

    public double High { get; }

    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Decimals that tell neighbouring ticks apart, of the value times <paramref name="factor"/>.</summary>
    public int Digits(double factor = 1)
    {
        var step = Ticks.Count < 2 ? 1 : Math.Abs(Ticks[1] - Ticks[0]) * factor;
        return Math.Clamp((int)Math.Ceiling(-Math.Log10(step) - 1e-9), 0, 6);
    }

    /// <summary>Where a value lies, 0 to 100 from the low end.</summary>
    public double At(double value) => 100 * (IsLog ? Math.Log(value / Low) / Math.Log(High / Low) : (value - Low) / (High - Low));

    /// <summary>A fixed range.</summary>
    public static Scale Fixed(double low, double high, params double[] ticks) => new(low, high, ticks, log: false);

    /// <summary>A range that holds all values with a little air, and about <paramref name="count"/> ticks at 1, 2 or 5 times a power of ten.</summary>
    public static Scale Around(IEnumerable<double> values, int count = 5, double floor = double.NegativeInfinity, double ceiling = double.PositiveInfinity)
    {
        double[] known = [.. values.Where(double.IsFinite)];
        if (known.Length == 0)
            return Fixed(0, 1, 0, 0.5, 1);
        double low = known.Min(), high = known.Max();
        var air = high > low ? 0.06 * (high - low) : Math.Max(0.02 * Math.Abs(high), 0.01);
        (low, high) = (Math.Max(floor, low - air), Math.Min(ceiling, high + air));
        if (high <= low)
            (low, high) = (low - air, high + air);
        return new Scale(low, high, RoundTicks(low, high, count), log: false);
    }

    /// <summary>As <see cref="Around"/>, but logarithmic when the values are positive and span more than a factor of thirty.</summary>
    public static Scale ForLoss(IEnumerable<double> values, int count = 5)
    {
        double[] known = [.. values.Where(double.IsFinite)];
        if (known.Length == 0 || known.Min() <= 0 || known.Max() / known.Min() < 30)
            return Around(known, count, floor: known.Length > 0 && known.Min() >= 0 ? 0 : double.NegativeInfinity);
        double low = known.Min() / 1.2, high = known.Max() * 1.2;
        var powers = Enumerable.Range(-12, 30).Select(e => Math.Pow(10, e)).Where(t => t >= low && t <= high).ToArray();
        var ticks = powers.Length >= 3 ? powers : [.. Enumerable.Range(-12, 30).SelectMany(e => new[] { 1, 2, 5 }.Select(m => m * Math.Pow(10, e))).Where(t => t >= low && t <= high)];
        return new Scale(low, high, ticks, log: true);
    }

    /// <summary>A logarithmic range that holds all values, which are positive, with air for names beside them.</summary>
    public static Scale ForCost(IEnumerable<double> values)
    {
        double[] known = [.. values.Where(v => double.IsFinite(v) && v > 0)];
        if (known.Length == 0)
            return Fixed(0, 1, 0, 1);
        double low = known.Min() / 1.6, high = known.Max() * 1.6;
        var powers = Enumerable.Range(-12, 30).Select(e => Math.Pow(10, e)).Where(t => t >= low && t <= high).ToArray();
        var ticks = powers.Length >= 2 ? powers : [.. Enumerable.Range(-12, 30).SelectMany(e => new[] { 1, 2, 5 }.Select(m => m * Math.Pow(10, e))).Where(t => t >= low && t <= high)];
        return new Scale(low, high, ticks, log: true);
    }

    private static double[] RoundTicks(double low, double high, int count)
    {
        var rough = (high - low) / count;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * ((rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 });
        var first = Math.Ceiling(low / step - 1e-9);
        return [.. Enumerable.Range(0, 2 * count + 2).Select(i => (first + i) * step).Where(t => t <= high + 1e-9 * step)];
    }
}
