namespace Decant.Runs.Recipes.Binding;

/// <summary>Where a recipe's values name environment variables: the text as written and what it was expanded to, by key. What a run writes down keeps the text, so that no variable's value is on disk.</summary>
internal sealed class VariableReferences
{
    private readonly Dictionary<string, (string Written, string Expanded)> _texts = new(StringComparer.Ordinal);
    private readonly string _directory;

    /// <param name="directory">What paths in the recipe are relative to.</param>
    public VariableReferences(string directory) => _directory = directory;

    public static VariableReferences None { get; } = new("");

    public void Add(string path, string written, string expanded) => _texts[path] = (written, expanded);

    /// <summary>The value as it was written, references included; null where it names no variable, or was changed since it was read.</summary>
    /// <param name="path">The key, such as <c>data.train.file</c>.</param>
    /// <param name="value">The value as it is now: the expanded text, or that as a full path.</param>
    public string? Of(string path, string value)
    {
        if (!_texts.TryGetValue(path, out var text))
            return null;
        if (text.Expanded == value)
            return text.Written;
        // A path has been made full since; the reference is relative to the recipe's own folder.
        return Path.GetFullPath(text.Expanded, _directory) == value ? Path.Combine(_directory, text.Written) : null;
    }

    /// <summary>Two recipes with the same values are equal, however these were written.</summary>
    public override bool Equals(object? obj) => obj is VariableReferences;

    public override int GetHashCode() => 0;
}
