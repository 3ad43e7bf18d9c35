using Decant.Training.Checkpoints;

namespace Decant.Runs.Recipes.Schema;

/// <summary>What a recipe of one task and a recipe of several have in common: all that surrounds the work of a run.</summary>
/// <typeparam name="TSelf">The recipe.</typeparam>
internal interface IRunRecipe<TSelf> where TSelf : IRunRecipe<TSelf>
{
    string Name { get; }

    string About { get; }

    int? Threads { get; }

    ThreadAllocationSection ThreadAllocation { get; }

    CheckpointOptions Checkpoints { get; }

    /// <summary>The task, in the record's word.</summary>
    string TaskWord { get; }

    /// <summary>The recipe of this form that was read.</summary>
    /// <exception cref="DecantException">It has the other form.</exception>
    static abstract TSelf Of(RecipeDocument document);

    IReadOnlyList<long> RunSeeds();

    /// <summary>The same with what a run fills in where the recipe leaves it open.</summary>
    TSelf With(int? threads, ThreadAllocationSection cores);
}
