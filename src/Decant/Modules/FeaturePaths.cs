namespace Decant.Modules;

/// <summary>Some of the inner values of a model, by dotted path: what a module answers with (<c>bert.encoder.layer.3</c>), or a part of what it works out
/// (<c>bert.encoder.layer.3.attention.self.scores</c>).</summary>
/// <remarks>Nothing is kept of a forward pass but what is requested here, and that only while a <see cref="ActivationRecorder"/> records it.</remarks>
internal sealed class FeaturePaths
{
    private readonly Dictionary<(Module Module, string Part), string> _paths = [];

    /// <summary>The values under some paths.</summary>
    /// <param name="model">The model.</param>
    /// <param name="paths">The paths; one that comes twice counts once.</param>
    /// <exception cref="DecantException">Paths that lead nowhere: all of them, each with what comes near.</exception>
    public FeaturePaths(Module model, IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(paths);
        All = [.. paths.Distinct(StringComparer.Ordinal)];
        if (All.Count == 0)
            return;
        var known = Values(model).ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal);
        var lost = All.Where(path => !known.ContainsKey(path)).ToArray();
        if (lost.Length > 0)
            throw new DecantException(string.Join("\n", lost.Select(path => Unknown("The model", path, known.Keys))));
        foreach (var path in All)
            _paths[known[path]] = path;
    }

    /// <summary>The paths, in the order in which they were requested.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>Every path of a model, from its inputs on.</summary>
    public static IEnumerable<string> Of(Module model) => Values(model).Select(v => v.Key);

    /// <summary>Records the forward passes of this flow of control until the recorder is disposed.</summary>
    public ActivationRecorder Record() => new(this);

    /// <summary>The path of a value; null where it was not requested.</summary>
    internal string? Find(Module module, string part) => _paths.GetValueOrDefault((module, part));

    private static IEnumerable<KeyValuePair<string, (Module Module, string Part)>> Values(Module model)
    {
        foreach (var (path, module) in model.NamedModules())
        {
            if (path.Length > 0)
                yield return new(path, (module, ""));
            foreach (var part in module.Parts)
                yield return new(path.Length == 0 ? part : $"{path}.{part}", (module, part));
        }
    }

    /// <summary>Says that there is no such path, and what comes near.</summary>
    /// <param name="owner">The model, as a sentence begins.</param>
    /// <param name="path">The path.</param>
    /// <param name="known">Those that there are.</param>
    internal static string Unknown(string owner, string path, IEnumerable<string> known)
    {
        var near = known.OrderBy(candidate => Distance(path, candidate)).ThenBy(candidate => candidate, StringComparer.Ordinal).Take(3);
        return $"{owner} has no '{path}'; near it are {string.Join(", ", near.Select(n => $"'{n}'"))}. 'decant inspect' lists them all.";
    }

    // Edits between two paths; a shorter path inside a longer one comes near too.
    private static int Distance(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var current = new int[b.Length + 1];
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            previous = current;
        }

        var contains = b.Contains(a, StringComparison.Ordinal) || a.Contains(b, StringComparison.Ordinal);
        return contains ? previous[^1] / 4 : previous[^1];
    }
}
