using Decant.Runs.Recipes.Binding;

namespace Decant.Runs.Recipes.Reading;

/// <summary>What a list of recipes shows of one, read without knowing its kinds or having its data.</summary>
/// <param name="Name">Its name; empty when it has none.</param>
/// <param name="About">Its <c>about</c>, or the comment it begins with, or nothing.</param>
internal sealed record RecipeHeader(string Name, string About)
{
    private const string SchemaLine = "# yaml-language-server:"; // is for editors

    /// <summary>The header of a file.</summary>
    /// <param name="path">The recipe.</param>
    /// <exception cref="DecantException">The file is missing, unreadable, too large or not UTF-8.</exception>
    public static RecipeHeader Read(string path) => Parse(RecipeText.Read(path));

    /// <summary>The header of a text; a text that is no recipe has an empty one.</summary>
    /// <param name="text">The YAML.</param>
    public static RecipeHeader Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var map = YamlTree.Parse(text, mark => SourceLocation.Line("", mark.Line), new FaultList()) as MapNode;
        return new RecipeHeader(Text(map, "name"), Text(map, "about") is { Length: > 0 } about ? about : Comment(text));
    }

    private static string Text(MapNode? map, string key) => map?.Find(key)?.Value is ScalarNode { IsNull: false } scalar ? scalar.Text : "";

    private static string Comment(string text) => string.Join(' ', text.ReplaceLineEndings("\n").Split('\n')
        .TakeWhile(line => line.StartsWith('#')).Where(line => !line.StartsWith(SchemaLine, StringComparison.Ordinal)).Select(line => line.TrimStart('#', ' ').TrimEnd()).Where(line => line.Length > 0));
}
