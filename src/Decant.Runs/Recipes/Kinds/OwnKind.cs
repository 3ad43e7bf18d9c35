namespace Decant.Runs.Recipes.Kinds;

/// <summary>The names of the kinds that only a program can make: its own samples, models, tokenizers and objectives.</summary>
internal static class OwnKind
{
    /// <summary>What a program brings itself.</summary>
    public const string Name = "own";

    /// <summary>An objective of a program that learns from labels alone.</summary>
    public const string Labels = "own-labels";
}
