namespace Decant.Teachers.Answers.Storage;

/// <summary>Finds stores.</summary>
internal static class StoreFolders
{
    /// <summary>The stores in a folder: the folder itself, or those right below it.</summary>
    /// <param name="folder">A store, or a folder of stores.</param>
    /// <exception cref="DecantException">There is none.</exception>
    public static IReadOnlyList<string> In(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DecantException($"The folder {folder} does not exist. Name a store of answers, or a folder of them.");
        if (IsStore(folder))
            return [folder];
        string[] stores = [.. Directory.GetDirectories(folder).Where(IsStore).Order(StringComparer.Ordinal)];
        return stores.Length > 0 ? stores : throw new DecantException($"{folder} has no store of answers: expected a {ManifestFile.FileName} in it, or in folders right below it.");
    }

    private static bool IsStore(string folder) => File.Exists(Path.Combine(folder, ManifestFile.FileName));
}
