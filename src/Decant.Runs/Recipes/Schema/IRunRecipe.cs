using Decant.Training.Checkpoints;

namespace Decant.Runs.Recipes.Schema;

/// <summary>What a recipe of one task and a recipe of several have in common: all that surrounds the work of a run.</summary>
internal interface IRunRecipe
{
    string Name { get; }

    string About { get; }

    int? Threads { get; }

    /// <summary>Where the models compute.</summary>
    string Device { get; }

    ThreadAllocationSection ThreadAllocation { get; }

    CheckpointOptions Checkpoints { get; }

    /// <summary>Whether the student is trained without a teacher too.</summary>
    bool Control { get; }

    /// <summary>How the result is measured.</summary>
    EvaluateOptions Evaluate { get; }

    /// <summary>The task, in the record's word.</summary>
    string TaskWord { get; }

    IReadOnlyList<long> RunSeeds();

    /// <summary>The same with what a run fills in where the recipe leaves it open.</summary>
    IRunRecipe With(int? threads, ThreadAllocationSection cores);
}
