namespace Decant.Torch.Interop;

/// <summary>Where the bridge library is looked for, in order.</summary>
internal static class BridgeLocator
{
    public const string FileName = "libdecant_bridge.so";

    /// <summary>Every path that is tried: <c>DECANT_BRIDGE</c>, beside the program, the builds of a checkout above it, the user's cache.</summary>
    public static IEnumerable<string> Candidates(string baseDirectory, string? chosen, string? cache)
    {
        if (!string.IsNullOrEmpty(chosen))
        {
            yield return chosen;
            yield break;
        }

        yield return Path.Combine(baseDirectory, FileName);
        yield return Path.Combine(baseDirectory, "runtimes", "linux-x64", "native", FileName);
        for (var folder = new DirectoryInfo(baseDirectory); folder is not null; folder = folder.Parent)
        {
            var builds = Path.Combine(folder.FullName, "native", "build");
            if (File.Exists(Path.Combine(folder.FullName, "native", "decant.h")))
                yield return Path.Combine(builds, "current", FileName);
        }

        if (!string.IsNullOrEmpty(cache))
            yield return Path.Combine(cache, "decant", "bridge", FileName);
    }
}
