using Decant.Models.Configuration;

namespace Decant.Runs.Fitting;

/// <summary>What a search for a student within a budget came to.</summary>
internal sealed record FitResult
{
    /// <summary>The recipe's name.</summary>
    public required string Name { get; init; }

    /// <summary>The task.</summary>
    public required ModelTask Task { get; init; }

    /// <summary>The limits.</summary>
    public required FitLimits Limits { get; init; }

    /// <summary>The metric on validation samples that candidates are compared by.</summary>
    public required string Metric { get; init; }

    /// <summary>How many candidates there are, whether they keep the limits or not.</summary>
    public required int Candidates { get; init; }

    /// <summary>How many were exported and timed.</summary>
    public required int Measured { get; init; }

    /// <summary>Optimizer updates of all that were trained, over those of one whole training.</summary>
    public required double Cost { get; init; }

    /// <summary>Those that were trained, the chosen one first, then by how far they came.</summary>
    public required IReadOnlyList<FitRow> Rows { get; init; }

    /// <summary>The chosen one.</summary>
    public FitRow Chosen => Rows[0];
}

/// <summary>A candidate that was trained.</summary>
/// <param name="Name">What is left of the teacher.</param>
/// <param name="Figures">What it takes.</param>
/// <param name="Scores">The metric on validation samples after each round of training, in the order of the rounds: null where the round was not needed, fewer where it was left out before the last.</param>
internal sealed record FitRow(string Name, CandidateFigures Figures, IReadOnlyList<double?> Scores);
