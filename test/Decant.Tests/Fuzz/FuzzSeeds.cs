namespace Decant.Tests.Fuzz;

/// <summary>Good files of every format that is read. A new format is a line here.</summary>
internal static class FuzzSeeds
{
    public static IReadOnlyList<FuzzSeed> All() =>
    [
        .. WeightSeeds.All(),
        .. ModelSeeds.All(),
        .. InferenceSeeds.All(),
        .. TableSeeds.All(),
        .. TokenizerSeeds.All(),
        .. RecipeSeeds.All(),
        .. DataSeeds.All(),
        .. LineSeeds.All(),
        .. ChatSeeds.All(),
        .. ImageSeeds.All(),
        .. ColumnSeeds.All(),
        .. RunSeeds.All(),
        .. CheckpointSeeds.All(),
        .. CacheSeeds.All(),
        .. OnnxSeeds.All(),
    ];
}
