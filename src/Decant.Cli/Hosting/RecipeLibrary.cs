using Decant.Runs.Recipes.Reading;

namespace Decant.Cli.Hosting;

/// <summary>The recipes that come along.</summary>
internal sealed class RecipeLibrary(CliServices services)
{
    /// <summary>All of them: the name to call each by (its path without <c>.yaml</c>), its file, and what it is about.</summary>
    public IReadOnlyList<RecipeListing> List()
    {
        if (services.RecipeFolders.FirstOrDefault(Directory.Exists) is not { } folder) return [];
        return
        [
            .. Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories)
                .Select(file => new RecipeListing(NameOf(folder, file), file, RecipeHeader.Read(file).About))
                .OrderBy(r => r.Name.Count(c => c == '/')).ThenBy(r => r.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>The file that an argument means: itself if it is there, otherwise the recipe of that name that comes along.</summary>
    /// <param name="argument">A path, or a name such as <c>quickstart</c> or <c>images/mnist-hinton</c>.</param>
    public string Find(string argument)
    {
        if (File.Exists(argument) || Directory.Exists(argument)) return argument;
        var name = argument.EndsWith(".yaml", StringComparison.Ordinal) ? argument[..^5] : argument;
        var known = List();
        var found = known.Where(r => r.Name == name || r.Name.EndsWith("/" + name, StringComparison.Ordinal)).ToList();
        return found.Count == 1 ? Shown(found[0].File) : argument;
    }

    // Messages cite the file; a path below where the user stands reads best.
    private static string Shown(string file)
    {
        var relative = Path.GetRelativePath(".", file);
        return relative.StartsWith("..", StringComparison.Ordinal) ? file : relative;
    }

    private static string NameOf(string folder, string file) => Path.ChangeExtension(Path.GetRelativePath(folder, file), null).Replace('\\', '/');
}

/// <summary>One recipe that comes along.</summary>
/// <param name="Name">What it is called by.</param>
/// <param name="File">Where it lies.</param>
/// <param name="About">What it is about; may be empty.</param>
internal sealed record RecipeListing(string Name, string File, string About);
