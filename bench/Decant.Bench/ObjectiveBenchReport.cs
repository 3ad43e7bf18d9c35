namespace Decant.Bench;

/// <summary>The options of <c>decant bench objectives</c>.</summary>
internal sealed record ObjectiveBenchRequest
{
    /// <summary>Kinds, or objectives as a recipe writes them, <c>{ kind: …, … }</c>; none: every kind of the catalog with its defaults.</summary>
    public IReadOnlyList<string> Objectives { get; init; } = [];

    /// <summary>Rounds of all of them, in turn; 5.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Updates in a round of each, after one that is not timed; 4.</summary>
    public int Steps { get; init; } = 4;

    /// <summary>Measure the memory, each objective in a process of its own; true.</summary>
    public bool Memory { get; init; } = true;

    /// <summary>Threads; null: one per core.</summary>
    public int? Threads { get; init; }
}

/// <summary>What all objectives cost.</summary>
/// <param name="Machine">What was measured on.</param>
/// <param name="Pairs">A table for each pair of models.</param>
internal sealed record ObjectiveBenchReport(BenchMachine Machine, IReadOnlyList<ObjectivePairReport> Pairs);

/// <summary>What objectives cost with one pair of models.</summary>
internal sealed record ObjectivePairReport
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The teacher and the student.</summary>
    public required string About { get; init; }

    /// <summary>The samples of a batch.</summary>
    public required int Batch { get; init; }

    /// <summary>Milliseconds of an update with soft targets alone, the median of the rounds.</summary>
    public required double BaseMilliseconds { get; init; }

    /// <summary>Milliseconds that the processors worked for such an update, all together, the median of the rounds.</summary>
    public required double BaseProcessorMilliseconds { get; init; }

    /// <summary>The most memory that a process of a few such updates had, bytes; null: not measured.</summary>
    public double? BaseBytes { get; init; }

    /// <summary>The others, in the order of the catalog.</summary>
    public required IReadOnlyList<ObjectiveCost> Objectives { get; init; }
}

/// <summary>What one objective adds to soft targets alone.</summary>
internal sealed record ObjectiveCost
{
    /// <summary>The objective, as requested.</summary>
    public required string Objective { get; init; }

    /// <summary>Milliseconds that an update takes longer, the median over the rounds of the difference within a round; null: it did not run.</summary>
    public double? AddedMilliseconds { get; init; }

    /// <summary>The smallest and the largest of these differences.</summary>
    public ObjectiveRange? Range { get; init; }

    /// <summary>Milliseconds that the processors work longer, the median over the rounds: what other programs disturb less; null: it did not run.</summary>
    public double? AddedProcessorMilliseconds { get; init; }

    /// <summary>Bytes that the process had more at its most; null: not measured.</summary>
    public double? AddedBytes { get; init; }

    /// <summary>Why it did not run; null: it did.</summary>
    public string? Reason { get; init; }
}

/// <summary>From the least to the most.</summary>
/// <param name="Least">The smallest.</param>
/// <param name="Most">The largest.</param>
internal sealed record ObjectiveRange(double Least, double Most);
