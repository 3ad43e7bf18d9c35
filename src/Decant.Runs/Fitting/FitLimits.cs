using System.Globalization;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Fitting;

/// <summary>What a student may take at most.</summary>
/// <param name="Parameters">Parameters; null: any number.</param>
/// <param name="Bytes">Bytes of its ONNX file; null: any size.</param>
/// <param name="Milliseconds">Milliseconds of one sample; null: any time.</param>
internal sealed record FitLimits(long? Parameters, long? Bytes, double? Milliseconds)
{
    /// <summary>The limits of a recipe, whose texts were checked.</summary>
    public static FitLimits Of(StudentBudget budget) => new(
        budget.Parameters is { } parameters ? SizeText.Count(parameters) : null,
        budget.Bytes is { } bytes ? SizeText.Bytes(bytes) : null,
        budget.LatencyMs);

    /// <summary>The largest share of a limit that figures take: at most 1 where all are kept. What is not known takes nothing.</summary>
    public double Share(long parameters, long? bytes, double? milliseconds) => Math.Max(
        (double)parameters / (Parameters ?? double.PositiveInfinity),
        Math.Max((bytes ?? 0) / (Bytes ?? double.PositiveInfinity), (milliseconds ?? 0) / (Milliseconds ?? double.PositiveInfinity)));

    /// <summary>The limits in words.</summary>
    public override string ToString() => string.Join(", ", new[]
    {
        Parameters is { } parameters ? string.Create(CultureInfo.InvariantCulture, $"{parameters:N0} parameters") : null,
        Bytes is { } bytes ? Words.Bytes(bytes) : null,
        Milliseconds is { } time ? string.Create(CultureInfo.InvariantCulture, $"{time:0.###} ms") : null,
    }.OfType<string>());
}
