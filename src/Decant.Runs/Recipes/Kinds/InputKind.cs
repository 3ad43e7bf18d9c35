namespace Decant.Runs.Recipes.Kinds;

/// <summary>What a sample is.</summary>
internal enum InputKind
{
    /// <summary>Text, cut into tokens.</summary>
    Text,

    /// <summary>An image of bytes, channels first.</summary>
    Image,

    /// <summary>Numbers, as many for each sample.</summary>
    Vector,
}
