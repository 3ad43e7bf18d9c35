using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Recipes.Writing;

namespace Decant.Runs.Recipes.Reading;

/// <summary>Reads a study, strictly as a recipe is read.</summary>
/// <param name="kinds">The kinds that there are.</param>
internal sealed class StudyReader(IKindRegistry kinds)
{
    /// <summary>What an environment variable says; the process's own unless given.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Reads a file; paths in it are relative to its folder.</summary>
    /// <param name="path">The file, as the user named it: messages cite it so.</param>
    /// <exception cref="RecipeException">The study is wrong: all faults, by line.</exception>
    /// <exception cref="DecantException">The file is missing, unreadable, too large or not UTF-8.</exception>
    public Study Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var faults = new FaultList();
        var tree = YamlTree.Parse(RecipeText.Read(path), mark => SourceLocation.Line(path, mark.Line), faults);
        if (tree is not MapNode root)
        {
            faults.Add(SourceLocation.Line(path, 1), "", "a study is a mapping that begins with 'name:'");
            faults.ThrowIfAny();
            throw new InvalidOperationException("unreachable");
        }

        var binder = new RecipeBinder(kinds, faults, Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".");
        var study = (Study)binder.Record(typeof(Study), (MapNode)new Variables(Environment, faults, new VariableReferences("")).Expand(root), root.Spot, "");
        Former(study, key => binder.Spots.GetValueOrDefault(key, root.Spot), faults);
        if (binder.Whole)
            Check(study, key => binder.Spots.GetValueOrDefault(key, root.Spot), faults);
        faults.ThrowIfAny();
        return study;
    }

    /// <summary>Whether a file is a study and no recipe: it has variants. A file that cannot be read as YAML is none.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DecantException">The file is missing, unreadable, too large or not UTF-8.</exception>
    public static bool IsStudy(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return YamlTree.Parse(RecipeText.Read(path), mark => SourceLocation.Line(path, mark.Line), new FaultList()) is MapNode root && root.Find("variants") is not null;
    }

    /// <summary>Refuses assignments with names of a former release, all of them at once, where they are written.</summary>
    private static void Former(Study study, Func<string, SourceLocation> spotOf, FaultList faults)
    {
        var sets = (study.Variants ?? []).Select((variant, i) => (Path: $"variants[{i}].set", variant.Set)).Prepend(("set", study.Set));
        foreach (var (path, set) in sets)
            for (var i = 0; i < set.Count; i++)
                foreach (var change in RecipeUpgrade.ChangesOf(set[i]))
                    faults.Add(spotOf($"{path}[{i}]"), $"{path}[{i}]",
                        $"'{change.Old}' in '{set[i]}' is now called '{change.New}'{(spotOf($"{path}[{i}]").File is { } file ? $"; 'decant recipes upgrade {file}' renames it" : "")}");
    }

    private static void Check(Study study, Func<string, SourceLocation> spotOf, FaultList faults)
    {
        if (study.Variants.Count < 2)
            faults.Add(spotOf("variants"), "variants", $"a study compares two variants or more, came {study.Variants.Count}; 'decant distill' runs one");
        if (study.Seeds.Count == 0 || study.Seeds.Distinct().Count() < study.Seeds.Count)
            faults.Add(spotOf("seeds"), "seeds", $"expected one seed or more, each once, came [{string.Join(", ", study.Seeds)}]");
        for (var i = 0; i < study.Variants.Count; i++)
        {
            var (name, key) = (study.Variants[i].Name, $"variants[{i}].name");
            if (study.Variants.Take(i).Any(v => StudyNames.Folder(v.Name) == StudyNames.Folder(name)))
                faults.Add(spotOf(key), key, $"two variants are called '{name}'; their runs need folders of their own");
        }
    }
}

/// <summary>What a variant's folder is called.</summary>
internal static class StudyNames
{
    /// <summary>The name in lower case, everything but letters and digits as one hyphen.</summary>
    /// <param name="variant">The variant's name.</param>
    public static string Folder(string variant)
    {
        ArgumentNullException.ThrowIfNull(variant);
        return string.Join('-', new string([.. variant.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
