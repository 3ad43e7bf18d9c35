namespace Decant.Models.FromTeacher;

/// <summary>The units of a teacher that a student keeps, rising; null where none is left out or the first are kept.</summary>
internal sealed record KeptUnits
{
    /// <summary>Hidden dimensions, of all layers.</summary>
    public IReadOnlyList<int>? Hidden { get; private init; }

    /// <summary>Heads, by the teacher's layers.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Heads { get; private init; }

    /// <summary>Heads of keys and values, by the teacher's layers.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? KeyValueHeads { get; private init; }

    /// <summary>Feed-forward units, by the teacher's layers.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Intermediate { get; private init; }

    /// <summary>The units with the highest scores.</summary>
    /// <param name="teacher">What the teacher has.</param>
    /// <param name="student">What the student has.</param>
    /// <param name="scores">The scores.</param>
    /// <exception cref="DecantException">There are not as many scores as units, or heads that share keys cannot be kept in such numbers.</exception>
    public static KeptUnits Choose(UnitSizes teacher, UnitSizes student, UnitScores scores)
    {
        var heads = scores.Heads is not null && (student.Heads, student.KeyValueHeads) != (teacher.Heads, teacher.KeyValueHeads) ? HeadChoice.Of(teacher, student, scores) : null;
        return new KeptUnits
        {
            Hidden = scores.Hidden is { } hidden && student.Hidden != teacher.Hidden ? UnitScores.Highest(hidden, student.Hidden, teacher.Hidden, "hidden dimensions") : null,
            Heads = heads?.ConvertAll(h => h.Queries),
            KeyValueHeads = heads?.ConvertAll(h => h.Keys),
            Intermediate = scores.Intermediate is { } inner && student.Intermediate != teacher.Intermediate
                ? [.. InLayers(inner, teacher.Layers, "feed-forward units").Select((s, l) => UnitScores.Highest(s, student.Intermediate, teacher.Intermediate, $"feed-forward units of layer {l}"))]
                : null,
        };
    }

    /// <summary>The kept units of a kind; null: the first.</summary>
    /// <param name="axis">The kind.</param>
    /// <param name="layer">The teacher's layer; null for hidden dimensions outside of layers.</param>
    public IReadOnlyList<int>? Of(UnitAxis axis, int? layer) => axis switch
    {
        UnitAxis.Hidden => Hidden,
        UnitAxis.Heads => Heads?[layer!.Value],
        UnitAxis.KeyValueHeads => KeyValueHeads?[layer!.Value],
        UnitAxis.Intermediate => Intermediate?[layer!.Value],
        _ => null,
    };

    /// <summary>What was kept, in one line: heads by number, the others counted.</summary>
    /// <param name="teacher">What there was.</param>
    /// <param name="layers">The teacher's layers that are kept.</param>
    public string Describe(UnitSizes teacher, IReadOnlyList<int> layers)
    {
        var said = new List<string>();
        if (Heads is { } heads)
            said.Add($"heads {string.Join("; ", layers.Select(l => $"layer {l}: {string.Join(", ", heads[l])}"))}");
        if (Intermediate is { } inner)
            said.Add($"{inner[0].Count:N0} of {teacher.Intermediate:N0} feed-forward units in each layer");
        if (Hidden is { } hidden)
            said.Add($"{hidden.Count:N0} of {teacher.Hidden:N0} hidden dimensions, the same in all layers");
        return string.Join(". ", said);
    }

    /// <summary>Scores of every layer.</summary>
    internal static IReadOnlyList<IReadOnlyList<double>> InLayers(IReadOnlyList<IReadOnlyList<double>> scores, int layers, string what) => scores.Count == layers
        ? scores
        : throw new DecantException($"student.from-teacher: there are scores of {what} for {scores.Count} layers, and the teacher has {layers}. Give them for each.");
}
