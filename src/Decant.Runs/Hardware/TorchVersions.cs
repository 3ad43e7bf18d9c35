namespace Decant.Runs.Hardware;

/// <summary>Which libtorch the bridge is written for.</summary>
internal static class TorchVersions
{
    /// <summary>What to do about another.</summary>
    public const string Remedy = "Set DECANT_LIBTORCH to a libtorch 1.13 or 2.x and run ./decant again.";

    /// <summary>What is wrong with a version such as <c>1.13.0</c> or <c>2.11.0+cu128</c>; null when nothing is.</summary>
    public static string? Problem(string version) =>
        version.StartsWith("1.13.", StringComparison.Ordinal) || version.StartsWith("2.", StringComparison.Ordinal)
            ? null
            : $"libtorch {version} is not one that Decant knows (1.13 and 2.x).";
}
