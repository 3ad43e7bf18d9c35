using System.Text;
using Decant.Files;
using Decant.Runs.Recipes.Binding;

namespace Decant.Runs.Recipes.Writing;

/// <summary>One name that was replaced.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Path">The section that it stands in, such as <c>input.mask</c>; empty: the recipe itself.</param>
/// <param name="Old">The former name.</param>
/// <param name="New">The name now.</param>
internal sealed record RecipeChange(int Line, string Path, string Old, string New);

/// <summary>A recipe or study with the names of this release, and what was replaced.</summary>
/// <param name="Text">The text; the same where nothing was replaced.</param>
/// <param name="Changes">What was replaced, in the order of the lines.</param>
internal sealed record UpgradedRecipe(string Text, IReadOnlyList<RecipeChange> Changes);

/// <summary>Rewrites the keys and kinds of a former release in place: comments, order, quotes and line ends stay as they are.</summary>
internal static class RecipeUpgrade
{
    private static readonly byte[] s_mark = [0xEF, 0xBB, 0xBF];
    private static readonly string[] s_sections = ["data", "input", "student", "distill", "tasks", "recipe", "variants"];

    /// <summary>Upgrades a file, written as a whole or not at all; where nothing is to be replaced, it stays as it is.</summary>
    /// <param name="path">The recipe or study.</param>
    /// <param name="output">Where the result is written, even where nothing was replaced; null: over the file.</param>
    /// <exception cref="RecipeException">It is no YAML, or a name cannot be replaced without changing more.</exception>
    /// <exception cref="DecantException">It cannot be read or written, or is neither a recipe nor a study.</exception>
    public static IReadOnlyList<RecipeChange> File(string path, string? output = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var bytes = RecipeText.Bytes(path);
        var upgraded = Of(RecipeText.Decode(bytes, path), path);
        if (output is null && upgraded.Changes.Count == 0) return upgraded.Changes;
        byte[] mark = bytes.AsSpan().StartsWith(s_mark) ? s_mark : [];
        AtomicFile.Write(output ?? path, [.. mark, .. Encoding.UTF8.GetBytes(upgraded.Text)]);
        return upgraded.Changes;
    }

    /// <summary>Upgrades a text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="RecipeException">It is no YAML, or a name cannot be replaced without changing more.</exception>
    /// <exception cref="DecantException">It is neither a recipe nor a study.</exception>
    public static UpgradedRecipe Of(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        var faults = new FaultList();
        if (YamlTree.Parse(text, mark => SourceLocation.At(name, mark.Line, mark.Index), faults) is not { } tree)
        {
            faults.ThrowIfAny();
            throw new DecantException($"{name}:1: the recipe is empty; 'decant new' writes one to begin with.");
        }

        // Other faults than those of syntax are for 'decant check' to report: they keep no name from being replaced.
        if (tree is not MapNode root || !s_sections.Any(s => root.Find(s) is not null))
            throw new DecantException($"{name}:1: expected a recipe, which has 'data', 'student' and 'distill', or a study, which has 'variants'; came {tree.Describe()}.");
        var edits = new RecipeEdits(text, name);
        if (root.Find("variants") is null) edits.Section(root, "");
        else edits.Study(root);
        return edits.Apply();
    }

    /// <summary>An assignment as <c>--set</c> takes it, with the names of this release; null: it has them.</summary>
    internal static string? OfAssignment(string assignment) => Assigned(assignment) is { Changes.Count: > 0 } upgraded ? upgraded.Text : null;

    /// <summary>What an assignment names otherwise in this release; none where that depends on a kind that it does not say.</summary>
    internal static IReadOnlyList<RecipeChange> ChangesOf(string assignment)
    {
        try
        {
            return Assigned(assignment).Changes;
        }
        catch (RecipeException)
        {
            return [];
        }
    }

    private static UpgradedRecipe Assigned(string assignment)
    {
        var edits = new RecipeEdits(assignment, "--set");
        edits.Assignment(0);
        return edits.Apply();
    }
}
