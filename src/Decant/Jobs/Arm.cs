using Decant.Data;
using Decant.Modules;
using Decant.Recipes;
using Decant.Signals;

namespace Decant.Jobs;

/// <summary>One arm of a run: who is trained, on what, by what, for how long.</summary>
internal sealed record Arm
{
    public required string Name { get; init; }
    public required long Seed { get; init; }
    public required ulong Purpose { get; init; }
    public required Model Model { get; init; }
    public ITeacher? Teacher { get; init; }

    /// <summary>Whose vectors the validation of an embedding is measured against; null where its pairs have scores, or the task is another.</summary>
    public Model? TeacherModel { get; init; }
    public required FitSection Fit { get; init; }
    public required IReadOnlyList<Choice> Objectives { get; init; }
    public bool Convex { get; init; }

    /// <summary>The parts of the model that are trained; null: all of them.</summary>
    public IReadOnlyList<string>? Train { get; init; }

    /// <summary>The parts that stay as they are; null: none.</summary>
    public IReadOnlyList<string>? Freeze { get; init; }

    /// <summary>Whether the validation split chooses its weights even where no objective is about the answers.</summary>
    public bool AsksToBeJudged { get; init; }

    /// <summary>Which part of a student's training this is, in words; null where there is only one.</summary>
    public string? Stage { get; init; }
    public required Dataset Samples { get; init; }
    public required Budget Budget { get; init; }
    public CoreSplit? Cores { get; init; }
}
