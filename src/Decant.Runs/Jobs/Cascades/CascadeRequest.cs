using Decant.Inference.Cascades;
using Decant.Runs.Cascades;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Jobs.Cascades;

/// <summary>Which cascade, and on which rows its threshold is chosen.</summary>
internal sealed record CascadeRequest
{
    /// <summary>The folder of the student, or of the run that made it.</summary>
    public required string Student { get; init; }

    /// <summary>The folder of the teacher; null: that of the run, or its stored answers where the teacher of the run is behind an API.</summary>
    public string? Teacher { get; init; }

    /// <summary>A file of rows that the student was not trained on: lines of text, or JSON lines with <c>text</c> and perhaps <c>label</c>; null: the validation split.</summary>
    public string? On { get; init; }

    /// <summary>The recipe with the splits; null: that of the run.</summary>
    public RecipeDocument? Recipe { get; init; }

    /// <summary>What is compared with.</summary>
    public CascadeTruth Truth { get; init; }

    /// <summary>How the threshold is chosen.</summary>
    public CascadeOptions Options { get; init; } = new();

    /// <summary>A file that gets the numbers of each row, without texts: confidence, whether it differs from the teacher, whether it is not the label, length; null: none.</summary>
    public string? RowsFile { get; init; }
}

/// <summary>A policy and what came of it.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="PolicyFile">Where it was written.</param>
/// <param name="ChartFile">The page with its curves.</param>
/// <param name="Test">The policy on the test split, which it was not chosen on; null: there is none.</param>
/// <param name="Remarks">What was noticed.</param>
internal sealed record CascadeResult(CascadePolicy Policy, string PolicyFile, string ChartFile, RealisedRisk? Test, IReadOnlyList<string> Remarks);

/// <summary>A policy on rows that it was not chosen on.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Accepted">How many were answered locally.</param>
/// <param name="Wrong">How many of those are wrong.</param>
internal sealed record RealisedRisk(int Rows, int Accepted, int Wrong)
{
    /// <summary>Wrong / Accepted; 0 where none is accepted.</summary>
    public double Risk => Accepted == 0 ? 0 : (double)Wrong / Accepted;
}
