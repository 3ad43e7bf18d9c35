using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Decant.Data.Splitting;

/// <summary>A part of a set of samples: a share between 0 and 1 (<c>0.1</c>) or a number of samples (<c>5000</c>).</summary>
public readonly record struct CountOrFraction : IParsable<CountOrFraction>
{
    private CountOrFraction(double? share, long? count) => (Share, Count) = (share, count);

    /// <summary>The share, above 0 and below 1; null when it is a count.</summary>
    public double? Share { get; }

    /// <summary>The number of samples, 1 or more; null when it is a share.</summary>
    public long? Count { get; }

    /// <summary>A share of the set.</summary>
    /// <param name="share">Above 0 and below 1.</param>
    public static CountOrFraction OfShare(double share) => share is > 0 and < 1
        ? new(share, null)
        : throw new ArgumentOutOfRangeException(nameof(share), share, "A share is above 0 and below 1.");

    /// <summary>A number of samples.</summary>
    /// <param name="count">1 or more.</param>
    public static CountOrFraction OfCount(long count) => count >= 1
        ? new(null, count)
        : throw new ArgumentOutOfRangeException(nameof(count), count, "A count is 1 or more.");

    /// <summary>How many of <paramref name="total"/> samples that is: shares are rounded to the nearest number, halves away from zero.</summary>
    /// <param name="total">The size of the set.</param>
    /// <returns>May be more than <paramref name="total"/> for a count: the caller reports that.</returns>
    public long Of(long total) => Count ?? (long)Math.Round((Share ?? 0) * total, MidpointRounding.AwayFromZero);

    /// <summary>A share where the number is below 1, a number of samples where it is whole.</summary>
    /// <exception cref="DecantException">It is neither.</exception>
    public static implicit operator CountOrFraction(double number) => number switch
    {
        > 0 and < 1 => OfShare(number),
        >= 1 and <= int.MaxValue when number == Math.Floor(number) => OfCount((long)number),
        _ => throw new DecantException(FormattableString.Invariant($"expected a share above 0 and below 1 or a whole number of samples, came {number}.")),
    };

    /// <summary>A number of samples.</summary>
    /// <exception cref="DecantException">It is below 1.</exception>
    public static implicit operator CountOrFraction(long count) => (double)count;

    /// <inheritdoc/>
    public static CountOrFraction Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var value) ? value : throw new FormatException("expected a share between 0 and 1 or a number of samples");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out CountOrFraction result)
    {
        result = default;
        if (Numbers.TryWhole(s, out var count) && count >= 1 && !s!.Contains('.', StringComparison.Ordinal)) result = new(null, count);
        else if (Numbers.TryNumber(s, out var share) && share is > 0 and < 1) result = new(share, null);
        else return false;
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Count?.ToString(CultureInfo.InvariantCulture) ?? Share?.ToString("R", CultureInfo.InvariantCulture) ?? "none";
}
