namespace Decant.Compression.Quantization;

/// <summary>The ranges of activations that a student learned with, by the names of the weights of its layers.</summary>
/// <param name="Form">The form it learned for, with the integers of its weights decided.</param>
/// <param name="Layers">Of each layer that is rounded.</param>
internal sealed record KnownRanges(StaticInt8 Form, IReadOnlyDictionary<string, LayerRanges> Layers)
{
    private static readonly string[] s_none = [];

    /// <summary>The form that an export writes: the student's own, which has to be the one that was asked for, unless that came without options.</summary>
    /// <exception cref="DecantException">Another one was asked for.</exception>
    public StaticInt8 FormFor(StaticInt8 asked) => AreSame(asked, new StaticInt8()) || AreSame(asked with { ReduceRange = asked.ReduceRange ?? Form.ReduceRange }, Form)
        ? Form
        : throw new DecantException($"int8: the student learned for this form with other options than are asked for; its ranges lie in {RangesFile.Name} beside its weights. Export it with the options that it learned with, or move that file away, and ranges are found from samples.");

    /// <summary>The scale of every activation of a graph.</summary>
    /// <param name="groups">Which activations are of one range.</param>
    /// <exception cref="DecantException">A layer has no range, or two of one group differ: they are of another model.</exception>
    public IReadOnlyDictionary<string, StaticScale> Scales(RangeGroups groups)
    {
        var found = new StaticScale?[groups.Values.Count];
        foreach (var weight in groups.Layers)
        {
            var layer = Layers.GetValueOrDefault(weight) ?? throw Other($"has no range for the layer '{weight}'");
            Put(groups.InputOf(weight), layer.Input, weight);
            if (groups.OutputOf(weight) is { } output)
                Put(output, layer.Output ?? throw Other($"has no range for what the layer '{weight}' makes"), weight);
        }

        if (Layers.Keys.FirstOrDefault(name => !groups.Layers.Contains(name)) is { } strange)
            throw Other($"has a range for '{strange}', which is no layer that is rounded");
        if (Array.FindIndex(found, f => f is null) is >= 0 and var lost)
            throw Other($"has no range for the activation '{groups.Values[lost][0]}'");
        return groups.Values.SelectMany((values, i) => values.Select(v => (Value: v, Scale: found[i]!))).ToDictionary(p => p.Value, p => p.Scale, StringComparer.Ordinal);

        void Put(int group, StaticScale scale, string weight)
        {
            if (found[group] is { } other && other.Affine != scale.Affine)
                throw Other($"has another range for the layer '{weight}' than for a layer that shares an activation with it");
            found[group] = scale;
        }
    }

    private static DecantException Other(string what) => new($"{RangesFile.Name} {what}. It is of another model, or was changed: take the file that was saved with these weights.");

    private static bool AreSame(StaticInt8 a, StaticInt8 b) => a with { Exclude = s_none } == b with { Exclude = s_none } && a.Exclude.SequenceEqual(b.Exclude);
}
