using Decant.Text.Files;

namespace Decant.Export.Adapters;

/// <summary>Where the model is that an adapter's folder is for.</summary>
internal static class BaseFolder
{
    /// <summary>The folder with a model's settings and other small files: the folder itself, or, of an adapter that has no such file, that of its base.</summary>
    /// <param name="folder">A model's or an adapter's folder.</param>
    /// <param name="file">The file that is asked for.</param>
    /// <exception cref="DecantException">The adapter's base cannot be found.</exception>
    public static string With(string folder, string file) => !AdapterConfig.IsIn(folder) || Path.Exists(Path.Combine(folder, file)) ? folder : With(Of(folder, AdapterConfig.Read(folder)), file);

    /// <summary>The folder with the tokenizer and what belongs to it: the folder itself, or, of an adapter that has none, that of its base.</summary>
    /// <param name="folder">A model's or an adapter's folder.</param>
    /// <exception cref="DecantException">The adapter's base cannot be found.</exception>
    public static string ForText(string folder) => !AdapterConfig.IsIn(folder) || TokenizerFile.Exists(folder) ? folder : ForText(Of(folder, AdapterConfig.Read(folder)));

    /// <summary>The folder of the base, which may be an adapter's too where it is named as that: a model with one adapter over another.</summary>
    /// <param name="folder">The adapter's folder.</param>
    /// <param name="config">Its settings.</param>
    /// <exception cref="DecantException">There is none where it is named, or beside the adapter; or adapters name each other in a circle.</exception>
    public static string Of(string folder, AdapterConfig config)
    {
        var first = Next(folder, config);
        var seen = new HashSet<string>(StringComparer.Ordinal) { Path.GetFullPath(folder) };
        for (var place = first; AdapterConfig.IsIn(place); place = Next(place, AdapterConfig.Read(place)))
            if (!seen.Add(place))
                throw new DecantException($"{Path.Combine(folder, AdapterConfig.FileName)}: expected a model below the adapters, came a circle: {place} is for an adapter that is for it. Write the model's folder as 'base_model_name_or_path'.");
        return first;
    }

    private static string Next(string folder, AdapterConfig config)
    {
        var path = Path.Combine(folder, AdapterConfig.FileName);
        if (config.Base is not { Length: > 0 } name)
            throw new DecantException($"{path} does not name the model that the adapter is for: write its folder as 'base_model_name_or_path', or load the merged model.");
        var last = Path.GetFileName(name.TrimEnd('/', '\\'));
        var parent = Path.GetDirectoryName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar)) ?? folder;
        string[] named = Path.IsPathRooted(name) ? [name] : [Path.Combine(folder, name), name];
        string[] places = [.. named.Concat([Path.Combine(parent, last), Path.Combine(Path.GetDirectoryName(parent) ?? parent, last)]).Select(Path.GetFullPath).Distinct()];
        return places.Index().FirstOrDefault(p => Directory.Exists(p.Item) && p.Item != Path.GetFullPath(folder) && (p.Index < named.Length || !AdapterConfig.IsIn(p.Item))).Item ?? throw new DecantException(
            $"{path}: the adapter is for '{name}', and there is no such folder. Looked for {string.Join(", ", places)}. Put the model there ('decant get' fetches one), or write its folder as 'base_model_name_or_path'.");
    }
}
