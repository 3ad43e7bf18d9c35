using Decant.Runs.Reports.Record;

namespace Decant.Runs.Reports.View;

/// <summary>What a table says of one model; what is not known is null or missing.</summary>
public sealed record ModelFigures
{
    /// <summary>Its key: an arm's name, or the name that the user gave it.</summary>
    public required string Name { get; init; }

    /// <summary>The column's heading; the name when null.</summary>
    public string? Title { get; init; }

    /// <summary>How many parameters.</summary>
    public long? Parameters { get; init; }

    /// <summary>The size of its weights, bytes.</summary>
    public long? Bytes { get; init; }

    /// <summary>Floating-point operations for one sample.</summary>
    public long? Flops { get; init; }

    /// <summary>The metrics by name, and <c>same-answer</c> and <c>mean-kl</c> where there is a teacher.</summary>
    public IReadOnlyDictionary<string, Figure> Metrics { get; init; } = new Dictionary<string, Figure>();

    /// <summary>Latency of one sample.</summary>
    public LatencyFigures? Latency { get; init; }

    /// <summary>Samples per second in batches.</summary>
    public double? SamplesPerSecond { get; init; }

    /// <summary>The seeds it was trained with.</summary>
    public IReadOnlyList<long> Seeds { get; init; } = [];

    /// <summary>How many answers its figures are of: tokens of a language model; null: not known.</summary>
    public long? Rows { get; init; }

    /// <summary>
    /// The answer without a model that it is not measurably better than, with some seed, as in "not measurably better than …"; null where it is better, or where that is not known.
    /// Shares of such a figure say nothing and are not shown.
    /// </summary>
    public string? Shortfall { get; init; }
}
