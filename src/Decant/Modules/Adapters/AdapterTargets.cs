namespace Decant.Modules.Adapters;

/// <summary>Which modules of a model the targets of an adapter mean.</summary>
internal static class AdapterTargets
{
    private const int Shown = 12;

    /// <summary>The linear layers that targets mean, each once, in the model's order.</summary>
    /// <param name="model">The model.</param>
    /// <param name="targets">As <see cref="LoraOptions.Targets"/>.</param>
    /// <exception cref="DecantException">A target means nothing, or no linear layer, or the head of a vocabulary.</exception>
    public static IReadOnlyList<KeyValuePair<string, IAdaptable>> Layers(Model model, IReadOnlyList<string> targets)
    {
        var all = Linear(model);
        if (targets.Count == 0)
            throw Fault("none were given", all);
        var chosen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var target in targets)
        {
            string[] found = [.. all.Select(l => l.Key).Where(path => target == LoraOptions.AllLinear ? IsInBlock(model, path) : Means(target, path))];
            if (found.Length == 0)
                throw Fault(target == LoraOptions.AllLinear ? $"'{target}' came, and a model of kind '{model.Kind}' is not made of blocks with linear layers" : $"'{target}' came, which is the end of no such path", all);
            chosen.UnionWith(found);
        }

        KeyValuePair<string, IAdaptable>[] layers = [.. all.Where(l => chosen.Contains(l.Key))];
        if (model is ChunkedHeadModel { Head.Weight: var head } && Array.Find(layers, l => ReferenceEquals(l.Value.Weight, head)) is { Key: { } ofHead })
            throw new DecantException($"student.adapter.targets: '{ofHead}' is the head of the vocabulary, whose logits are made in parts without an update. Take it out of the targets, or train it as a whole with 'modules-to-save'.");
        return layers;
    }

    /// <summary>The paths of the modules that are trained as a whole, those at the top of them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="names">As <see cref="LoraOptions.ModulesToSave"/>.</param>
    /// <exception cref="DecantException">A name means nothing.</exception>
    public static IReadOnlyList<string> Modules(Model model, IReadOnlyList<string> names)
    {
        string[] known = [.. model.NamedModules().Where(m => m.Key.Length > 0 && m.Value.NamedParameters().Any()).Select(m => m.Key)];
        var chosen = new List<string>();
        foreach (var name in names)
        {
            string[] found = [.. known.Where(path => Means(name, path))];
            if (found.Length == 0)
                throw new DecantException($"student.adapter.modules-to-save: expected the last parts of a module's path, or a pattern of one; '{name}' came. The model ({model.Kind}) has {Listed([.. known.Where(k => !k.Contains('.') || k.Split('.').Length < 3)])}.");
            chosen.AddRange(found);
        }

        return [.. chosen.Distinct().Where(path => !chosen.Exists(other => path.StartsWith(other + ".", StringComparison.Ordinal)))];
    }

    /// <summary>Names that mean these modules and no others of a model: of each the shortest end of its path that does so.</summary>
    /// <param name="model">The model, with or without updates.</param>
    /// <param name="paths">The paths of the modules.</param>
    public static IReadOnlyList<string> Names(Model model, IEnumerable<string> paths)
    {
        var chosen = paths.ToHashSet(StringComparer.Ordinal);
        var same = model.NamedModules().Where(m => m.Value is IAdaptable && chosen.Contains(m.Key)).Select(m => ((IAdaptable)m.Value).Weight).ToHashSet<object>(ReferenceEqualityComparer.Instance);
        string[] others = [.. model.NamedModules().Where(m => m.Key.Length > 0 && !chosen.Contains(m.Key) && !(m.Value is IAdaptable layer && same.Contains(layer.Weight))).Select(m => m.Key)];
        return [.. chosen.Select(Shortest).Distinct().Order(StringComparer.Ordinal)];

        string Shortest(string path)
        {
            for (var dot = path.LastIndexOf('.'); dot >= 0; dot = dot == 0 ? -1 : path.LastIndexOf('.', dot - 1))
            {
                if (!Array.Exists(others, other => Means(path[(dot + 1)..], other)))
                    return path[(dot + 1)..];
            }

            return path;
        }
    }

    /// <summary>Whether a target means a path: its last parts, or a pattern of all of it.</summary>
    internal static bool Means(string target, string path) => target.Contains('*', StringComparison.Ordinal)
        ? Fits(target, path)
        : path == target || path.EndsWith("." + target, StringComparison.Ordinal);

    private static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        var star = pattern.IndexOf('*');
        if (star < 0)
            return pattern.SequenceEqual(text);
        if (!text.StartsWith(pattern[..star]))
            return false;
        var rest = pattern[(star + 1)..];
        var at = text[star..];
        for (var skipped = 0; skipped <= at.Length; skipped++)
        {
            if (Fits(rest, at[skipped..]))
                return true;
        }

        return false;
    }

    // A layer that stands in several places with the same weights is one, under its first path.
    private static KeyValuePair<string, IAdaptable>[] Linear(Model model) =>
        [.. model.NamedModules().Where(m => m.Value is IAdaptable).Select(m => KeyValuePair.Create(m.Key, (IAdaptable)m.Value)).DistinctBy(m => m.Value.Weight)];

    private static bool IsInBlock(Model model, string path) => model.Layers.Outputs.Any(block => path.StartsWith(block + ".", StringComparison.Ordinal));

    private static DecantException Fault(string came, KeyValuePair<string, IAdaptable>[] all) => new(
        $"student.adapter.targets: expected the last parts of the paths of linear layers, patterns of them, or {LoraOptions.AllLinear}; {came}. "
        + (all.Length == 0 ? "The model has no linear layers." : $"The model's linear layers end in {Listed([.. all.Select(l => l.Key[(l.Key.LastIndexOf('.') + 1)..]).Distinct()])}, such as {all[0].Key}."));

    private static string Listed(string[] names) => string.Join(", ", names.Take(Shown)) + (names.Length > Shown ? ", …" : "");
}
