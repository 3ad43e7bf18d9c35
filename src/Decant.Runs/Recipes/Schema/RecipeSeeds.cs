using Decant.Runs.Recipes.Binding;

namespace Decant.Runs.Recipes.Schema;

/// <summary>The seeds of a run.</summary>
internal static class RecipeSeeds
{
    /// <summary>Those that are listed, or the one that is given, or 1.</summary>
    public static IReadOnlyList<long> Of(long? seed, IReadOnlyList<long>? seeds) => seeds ?? [seed ?? 1];

    /// <summary>A given number of seeds: those there are first, then the numbers that follow the largest.</summary>
    public static IReadOnlyList<long> Of(IReadOnlyList<long> there, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var seeds = there.Take(count).ToList();
        for (var next = seeds.Max() + 1; seeds.Count < count; next++) seeds.Add(next);
        return new ValueList<long>(seeds);
    }
}
