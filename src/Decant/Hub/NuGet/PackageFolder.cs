using System.Security.Cryptography;
using System.Text;

namespace Decant.Hub.NuGet;

/// <summary>A package that is on this machine, unpacked, in a folder of packages.</summary>
/// <param name="Path">Its folder.</param>
/// <param name="Package">Its name.</param>
/// <param name="Version">Its version, normalized.</param>
/// <param name="Downloaded">The bytes that came over the net for it; 0: it was here.</param>
internal sealed record PackageFolder(string Path, string Package, string Version, long Downloaded)
{
    // NuGet writes it last, when all files are there.
    private const string Marker = ".nupkg.metadata";

    /// <summary>Finds a package, or fetches it.</summary>
    /// <param name="package">Its name, in any case.</param>
    /// <param name="version">Its version.</param>
    /// <param name="places">Where it is looked for.</param>
    /// <param name="offline">Why it is not fetched; null: it is.</param>
    /// <param name="fetching">Called before it is fetched.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="DecantException">It is not here and could not be fetched.</exception>
    public static PackageFolder Get(string package, string version, PackagePlaces places, string? offline, Action fetching, CancellationToken cancellationToken)
    {
        var normal = PackageVersion.Normalize(version);
        if (Find([places.Standard], package, normal) is { } here)
            return new PackageFolder(here, package, normal, 0);
        if (offline is not null)
        {
            throw new DecantException(
                $"no package is fetched ({offline}), and {places.Standard} has no {package} {normal}. Run 'decant get {ModelAddress.NuGet}:{package}/{normal}' where its source can be reached, " +
                $"or copy that machine's folder {System.IO.Path.Combine(package.ToLowerInvariant(), normal)} to {places.Standard}.");
        }

        fetching();
        var roots = PackageRestore.Run(package, normal, places, cancellationToken);
        var folder = Find(roots, package, normal)
            ?? throw new DecantException($"'dotnet restore' fetched {package} {normal}, but it is in none of {string.Join(", ", roots)}.", ExitCodes.Machine);
        return new PackageFolder(folder, package, normal, new DirectoryInfo(folder).EnumerateFiles("*.nupkg").Sum(f => f.Length));
    }

    /// <summary>A text that is another for other contents of the package.</summary>
    public string Fingerprint()
    {
        var hash = System.IO.Path.Combine(Path, $"{Package}.{Version}.nupkg.sha512".ToLowerInvariant());
        var said = File.ReadAllBytes(File.Exists(hash) ? hash : System.IO.Path.Combine(Path, Marker));
        return Convert.ToHexStringLower(SHA256.HashData([.. said, .. Encoding.UTF8.GetBytes($"{Package}/{Version}".ToLowerInvariant())]));
    }

    private static string? Find(IEnumerable<string> roots, string package, string version) => roots
        .Select(root => System.IO.Path.Combine(root, package.ToLowerInvariant(), version))
        .FirstOrDefault(folder => File.Exists(System.IO.Path.Combine(folder, Marker)));
}
