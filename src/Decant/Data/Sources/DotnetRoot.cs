using System.Runtime.InteropServices;

namespace Decant.Data.Sources;

/// <summary>Finds the folder of the installed .NET SDK.</summary>
internal static class DotnetRoot
{
    /// <summary><c>DOTNET_ROOT</c>, then where the running runtime lies, then <c>dotnet</c> on the path: the first that has reference packs.</summary>
    public static string Find()
    {
        var candidates = Candidates().Distinct(StringComparer.Ordinal).ToArray();
        return candidates.FirstOrDefault(HasPacks) ?? throw new DecantException(
            $"dotnet-docs: no .NET SDK with reference packs was found (looked in {string.Join(", ", candidates)}); install the .NET SDK, or name its folder with 'root'.",
            ExitCodes.Machine);
    }

    public static DecantException NoPacks(string root) => new(
        $"{root}: expected the folder of a .NET SDK with reference packs (packs/Microsoft.NETCore.App.Ref), came none; name the folder that 'dotnet --info' shows.");

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } variable) yield return variable;

        // …/shared/Microsoft.NETCore.App/<version>/
        yield return Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

        var executable = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            var file = new FileInfo(Path.Combine(folder, executable));
            if (file.Exists) yield return (file.ResolveLinkTarget(returnFinalTarget: true) ?? file) is FileInfo { DirectoryName: { } name } ? name : folder;
        }
    }

    private static bool HasPacks(string root)
    {
        var packs = Path.Combine(root, "packs");
        return Directory.Exists(packs) && Directory.EnumerateDirectories(packs, "*.Ref").Any();
    }
}
