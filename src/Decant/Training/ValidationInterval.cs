using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Decant.Training;

/// <summary>How much training lies between two validations: a number of updates (<c>200 steps</c>) or of epochs (<c>0.25 epochs</c>).</summary>
public readonly record struct ValidationInterval : IParsable<ValidationInterval>
{
    private ValidationInterval(long? steps, double? epochs) => (Steps, Epochs) = (steps, epochs);

    /// <summary>Updates, 1 or more; null when it is in epochs.</summary>
    public long? Steps { get; }

    /// <summary>Epochs, above 0; null when it is in updates.</summary>
    public double? Epochs { get; }

    /// <summary>A number of updates.</summary>
    /// <param name="steps">1 or more.</param>
    public static ValidationInterval OfSteps(long steps) => steps >= 1
        ? new(steps, null)
        : throw new ArgumentOutOfRangeException(nameof(steps), steps, "There is at least one step between two validations.");

    /// <summary>A number of epochs.</summary>
    /// <param name="epochs">Above 0.</param>
    public static ValidationInterval OfEpochs(double epochs) => double.IsFinite(epochs) && epochs > 0
        ? new(null, epochs)
        : throw new ArgumentOutOfRangeException(nameof(epochs), epochs, "The epochs between two validations are above 0.");

    /// <summary>The same in updates: epochs are rounded to the nearest update, halves up, and are one update at least.</summary>
    /// <param name="stepsPerEpoch">Updates of an epoch.</param>
    public long InSteps(long stepsPerEpoch) => Steps ?? (long)Math.Max(1, Math.Min(long.MaxValue / 2.0, Math.Round((Epochs ?? 1) * stepsPerEpoch, MidpointRounding.AwayFromZero)));

    /// <inheritdoc/>
    public static ValidationInterval Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var interval) ? interval : throw new FormatException("expected a number of steps or epochs, such as 200 steps or 0.25 epochs");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ValidationInterval result)
    {
        result = default;
        if (s?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var number, var unit]) return false;
        if (unit is "steps" or "step" && Numbers.TryWhole(number, out var steps) && steps >= 1) result = new(steps, null);
        else if (unit is "epochs" or "epoch" && Numbers.TryNumber(number, out var epochs) && double.IsFinite(epochs) && epochs > 0) result = new(null, epochs);
        else return false;
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Steps is { } steps ? $"{steps.ToString(CultureInfo.InvariantCulture)} steps" : $"{(Epochs ?? 1).ToString("R", CultureInfo.InvariantCulture)} epochs";
}
