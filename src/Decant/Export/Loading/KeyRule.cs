using Decant.Export.Tensors;

namespace Decant.Export.Loading;

/// <summary>How the names in a file become the names of a model.</summary>
/// <param name="Wrapper">What all names begin with and the model's do not, like <c>module.</c>; taken off.</param>
/// <param name="Strip">The base's prefix in the file that the model has not; taken off where it is.</param>
/// <param name="Add">The base's prefix in the model that the file has not; put before names that the model does not know.</param>
internal sealed record KeyRule(string Wrapper, string Strip, string Add)
{
    private const int MaxWrappers = 4;

    /// <summary>The rule under which the most tensors find their place; the plainest of them.</summary>
    public static KeyRule Best(IReadOnlyDictionary<string, IReadOnlyList<long>> own, IReadOnlyDictionary<string, StoredTensor> stored) =>
        Candidates(own.Keys.ToList(), stored.Keys.ToList()).MaxBy(rule => rule.Score(own, stored))!;

    /// <summary>The model's name for a stored one; one that the model does not know when it has no place.</summary>
    public string Apply(string stored, Func<string, bool> isKnown)
    {
        var name = stored[Wrapper.Length..];
        if (Strip.Length > 0 && name.StartsWith(Strip, StringComparison.Ordinal))
            name = name[Strip.Length..];
        return Known(name, isKnown) ?? (Add.Length == 0 ? name : Known(Add + name, isKnown) ?? Add + name);
    }

    /// <summary>The rule in words, one per line.</summary>
    public IEnumerable<string> Words()
    {
        if (Wrapper.Length > 0)
            yield return $"the names in the file are read without '{Wrapper}'";
        if (Strip.Length > 0)
            yield return $"the file is of a model with a head: the base's names are read without '{Strip}'";
        if (Add.Length > 0)
            yield return $"the file is of the base model: its names are read as '{Add}…'";
    }

    // The names that norms had in TensorFlow's checkpoints.
    private static string? Known(string name, Func<string, bool> isKnown)
    {
        if (isKnown(name))
            return name;
        var modern = name.EndsWith(".gamma", StringComparison.Ordinal) ? name[..^".gamma".Length] + ".weight"
            : name.EndsWith(".beta", StringComparison.Ordinal) ? name[..^".beta".Length] + ".bias" : null;
        return modern is not null && isKnown(modern) ? modern : null;
    }

    private static IEnumerable<KeyRule> Candidates(IReadOnlyList<string> own, IReadOnlyList<string> stored)
    {
        foreach (var wrapper in Shared(stored))
        {
            var names = stored.Select(n => n[wrapper.Length..]).ToList();
            yield return new KeyRule(wrapper, "", "");
            foreach (var prefix in HeadNames.BasesOf(names))
                yield return new KeyRule(wrapper, prefix, "");
            foreach (var prefix in HeadNames.BasesOf([.. own]).Union(Shared(own).Skip(1)))
                yield return new KeyRule(wrapper, "", prefix);
        }
    }

    // Nothing, and the leading parts that all names have.
    private static IEnumerable<string> Shared(IReadOnlyList<string> names)
    {
        yield return "";
        if (names.Count == 0)
            yield break;
        for (var (end, depth) = (names[0].IndexOf('.'), 0); end >= 0 && depth < MaxWrappers; end = names[0].IndexOf('.', end + 1), depth++)
        {
            var prefix = names[0][..(end + 1)];
            if (!names.All(n => n.Length > prefix.Length && n.StartsWith(prefix, StringComparison.Ordinal)))
                yield break;
            yield return prefix;
        }
    }

    private (int Shapes, int Names, int Plainness) Score(IReadOnlyDictionary<string, IReadOnlyList<long>> own, IReadOnlyDictionary<string, StoredTensor> stored)
    {
        var (shapes, names) = (0, 0);
        foreach (var (name, tensor) in stored)
        {
            if (!own.TryGetValue(Apply(name, own.ContainsKey), out var shape))
                continue;
            names++;
            shapes += shape.SequenceEqual(tensor.Shape) ? 1 : 0;
        }

        return (shapes, names, -(Wrapper.Length + Strip.Length + Add.Length));
    }
}
