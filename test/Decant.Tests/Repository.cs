namespace Decant.Tests;

/// <summary>Finds files of the checkout that the tests run in.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Find(string path) => Path.Combine(Root, path);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Decant.slnx")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No Decant.slnx above {AppContext.BaseDirectory}.");
    }
}
