namespace Decant.Hub.NuGet;

/// <summary>Where a user's packages are, and the settings that say where they come from.</summary>
internal sealed record PackagePlaces
{
    /// <summary>The variable that NuGet reads the packages folder from.</summary>
    public const string Variable = "NUGET_PACKAGES";

    /// <summary>The folder whose NuGet.config holds, and those of the folders above it and of the user.</summary>
    public required string Settings { get; init; }

    /// <summary>The folder of unpacked packages; null: as NuGet's settings say.</summary>
    public string? Packages { get; init; }

    /// <summary>The current folder's settings, the user's packages.</summary>
    public static PackagePlaces OfUser => new() { Settings = Directory.GetCurrentDirectory(), Packages = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen ? chosen : null };

    /// <summary>Where a package is looked for before it is fetched.</summary>
    public string Standard => Packages ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
