using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Planning;

/// <summary>A large model of a recipe: the one that teaches, or one of several.</summary>
/// <param name="Arm">Its name in the record and in the run's folder.</param>
/// <param name="Section">What the recipe says of it.</param>
/// <param name="Number">Its number among several, from 0.</param>
/// <param name="Weight">What it counts where weights are fixed.</param>
internal sealed record TeacherMember(string Arm, LargeModelSection Section, int Number, double Weight)
{
    /// <summary>All of a recipe, the members of a <c>seeds</c> entry one by one.</summary>
    public static IReadOnlyList<TeacherMember> Of(Recipe recipe)
    {
        if (recipe.Teacher is { } one)
            return [new TeacherMember(Decant.Runs.Reports.Record.Arms.Teacher, one, 0, 1)];
        return [.. (recipe.Teachers ?? []).SelectMany(entry => entry.Names().Select(name => (Name: name, Entry: entry)))
            .Select((m, i) => new TeacherMember(Decant.Runs.Reports.Record.Arms.Member(m.Name), m.Entry, i, m.Entry.Weight ?? 1))];
    }

    /// <summary>Whether it is the same for all seeds of a run: it stays as loaded, or its training has a seed of its own.</summary>
    public bool IsShared => Section.Train is null || Section.Seed is not null;

    /// <summary>The seed of its weights and training in a run's seed; of one that is shared and has none of its own, the run's first.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="seed">The run's seed.</param>
    public long SeedOf(Recipe recipe, long seed) => Section.Seed ?? (IsShared ? recipe.RunSeeds()[0] : seed);

    /// <summary>Where the random numbers of one of its purposes start: no two members share them, and a single teacher has those of the first.</summary>
    /// <remarks>Generators of a part's own are counted in the same way; a teacher's objectives have no weights to draw from one.</remarks>
    public ulong Purpose(ulong purpose) => purpose | ((ulong)Number << 32);
}
