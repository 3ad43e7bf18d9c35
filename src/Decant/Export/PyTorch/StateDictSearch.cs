namespace Decant.Export.PyTorch;

/// <summary>Finds the dictionary of weights in what a checkpoint holds: at its top, or under a name that says so.</summary>
internal static class StateDictSearch
{
    private const int MaxName = 4096;
    private const int MaxDepth = 8;

    // The most specific first: 'model' may also be some part of a training state.
    private static readonly string[] s_sections = ["state_dict", "model_state_dict", "model", "module", "network", "net", "weights"];

    /// <summary>The weights.</summary>
    /// <param name="Section">Where they are, as <c>a.b</c>; empty: at the top.</param>
    /// <param name="Tensors">By name.</param>
    /// <param name="Others">The names of what else is there and no weights.</param>
    public sealed record Found(string Section, IReadOnlyDictionary<string, PickleTensor> Tensors, IReadOnlyList<string> Others);

    /// <exception cref="FormatException">There are no weights, or it is ambiguous which are meant.</exception>
    public static Found In(object? content)
    {
        var path = new List<string>();
        var others = new List<string>();
        for (var depth = 0; depth < MaxDepth; depth++)
        {
            if (content is not PickleDict dict)
                throw new FormatException($"it holds {Kind(content)} instead of a dictionary of named tensors; in Python, save model.state_dict()");
            var next = Next(dict);
            others.AddRange(dict.Items.Where(i => next is null ? i.Value is not PickleTensor : (i.Key as string) != next).Select(i => Name(i.Key)).Take(MaxName));
            if (next is null)
                return new Found(string.Join('.', path), Tensors(dict), others);
            path.Add(next);
            content = dict.Items.Last(i => (i.Key as string) == next).Value;
        }

        throw new FormatException($"its dictionaries lie in each other more than {MaxDepth} deep");
    }

    // The name of the dictionary to go into; null: this one has the weights.
    private static string? Next(PickleDict dict)
    {
        foreach (var section in s_sections)
        {
            if (dict.Items.LastOrDefault(i => (i.Key as string) == section).Value is PickleDict inner && LeadsToTensors(inner, MaxDepth))
                return section;
        }

        if (HasTensors(dict))
            return null;
        var inside = dict.Items.Where(i => i is { Key: string, Value: PickleDict inner } && HasTensors(inner)).Select(i => Name(i.Key)).Distinct().Take(MaxDepth).ToList();
        return inside.Count switch
        {
            1 => inside[0],
            0 => throw new FormatException("there are no named tensors in it; in Python, save model.state_dict()"),
            _ => throw new FormatException($"tensors are under {string.Join(", ", inside.Select(n => $"'{n}'"))}, and it is ambiguous which are meant; in Python, save the one that is meant alone"),
        };
    }

    private static bool LeadsToTensors(PickleDict dict, int depth)
    {
        if (HasTensors(dict))
            return true;
        if (depth == 0)
            return false;
        // One way only: dictionaries that hold each other many times over would take forever.
        var section = s_sections.Select(s => dict.Items.LastOrDefault(i => (i.Key as string) == s).Value).FirstOrDefault(v => v is PickleDict);
        return section is PickleDict inner && LeadsToTensors(inner, depth - 1);
    }

    private static bool HasTensors(PickleDict dict) => dict.Items.Exists(i => i is { Key: string, Value: PickleTensor });

    private static Dictionary<string, PickleTensor> Tensors(PickleDict dict)
    {
        var tensors = new Dictionary<string, PickleTensor>(StringComparer.Ordinal);
        foreach (var (key, value) in dict.Items)
        {
            if (value is not PickleTensor tensor || key is not string name)
                continue;
            if (name.Length is 0 or > MaxName)
                throw new FormatException($"a tensor's name has {name.Length} characters; 1 to {MaxName} are expected");
            tensors[name] = tensor;
        }

        return tensors;
    }

    private static string Name(object? key) => key switch { string s when s.Length <= MaxName => s, string => "…", long n => $"{n}", _ => Kind(key) };

    private static string Kind(object? value) => value switch
    {
        PickleTensor => "a tensor without a name",
        List<object?> or object?[] => "a list",
        string => "a text",
        null => "nothing",
        PickleDict => "a dictionary",
        _ => "a number",
    };
}
