using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Decant.Runs.Recipes.Binding;

/// <summary>A <see cref="RangeAttribute"/> in words and as a test.</summary>
internal readonly record struct NumberRange(double Low, double High, bool LowExcluded, bool HighExcluded)
{
    public static NumberRange? Of(RangeAttribute? attribute) => attribute is null ? null : new NumberRange(
        Convert.ToDouble(attribute.Minimum, CultureInfo.InvariantCulture),
        Convert.ToDouble(attribute.Maximum, CultureInfo.InvariantCulture),
        attribute.MinimumIsExclusive,
        attribute.MaximumIsExclusive);

    public bool Contains(double value) => (LowExcluded ? value > Low : value >= Low) && (HighExcluded ? value < High : value <= High);

    /// <summary><c> from 1 to 100</c>, <c> above 0 and below 1</c>, <c> of at least 1</c>; empty when it has no ends.</summary>
    public override string ToString()
    {
        var (low, high) = (Text(Low), Text(High));
        return (low, high, LowExcluded, HighExcluded) switch
        {
            (null, null, _, _) => "",
            (_, null, true, _) => $" above {low}",
            (_, null, false, _) => $" of at least {low}",
            (null, _, _, true) => $" below {high}",
            (null, _, _, false) => $" of at most {high}",
            (_, _, false, false) => $" from {low} to {high}",
            (_, _, true, true) => $" above {low} and below {high}",
            (_, _, true, false) => $" above {low} and at most {high}",
            _ => $" of at least {low} and below {high}",
        };
    }

    // The smallest and largest value of a type are no limits worth printing.
    private static string? Text(double end) => Math.Abs(end) >= int.MaxValue ? null : end.ToString(CultureInfo.InvariantCulture);
}
