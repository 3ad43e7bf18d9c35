namespace Decant.Runs.Recipes.Binding;

/// <summary>Where a recipe's values name environment variables or models that are fetched: the text to be written and what it stands for, by key. What a run writes down keeps the text, so that no variable's value is on disk, and no folder of a cache.</summary>
internal sealed class VariableReferences
{
    private readonly Dictionary<string, (string Written, string Expanded)> _texts = new(StringComparer.Ordinal);
    private readonly string _directory;
    private readonly SortedDictionary<string, string> _models = new(StringComparer.Ordinal);

    /// <param name="directory">What paths in the recipe are relative to.</param>
    public VariableReferences(string directory) => _directory = directory;

    public static VariableReferences None { get; } = new("");

    /// <summary>The exact addresses of the models that were fetched, by key.</summary>
    public IReadOnlyDictionary<string, string> Models => _models;

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

    /// <summary>The same, with the addresses of models that were fetched in place of the folders that they were fetched to.</summary>
    /// <param name="fetched">The key, the address as it was, the exact address, and the folder.</param>
    public VariableReferences With(IEnumerable<(string Path, string Address, string Exact, string Folder)> fetched)
    {
        var copy = new VariableReferences(_directory);
        foreach (var (path, text) in _texts)
            copy._texts[path] = text;
        foreach (var (path, exact) in _models)
            copy._models[path] = exact;
        foreach (var (path, address, exact, folder) in fetched)
        {
            copy._models[path] = exact;
            copy._texts[path] = (_texts.TryGetValue(path, out var text) && text.Expanded == address ? text.Written : exact, folder);
        }

        return copy;
    }

    /// <summary>Two recipes with the same values are equal, however these were written.</summary>
    public override bool Equals(object? obj) => obj is VariableReferences;

    public override int GetHashCode() => 0;
}
