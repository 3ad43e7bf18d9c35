namespace Decant.Models.FromTeacher;

/// <summary>Chooses heads: those that share keys and values stay together, and every group that is kept keeps as many of its own.</summary>
internal static class HeadChoice
{
    /// <summary>The kept heads of every layer of the teacher, rising.</summary>
    /// <exception cref="DecantException">More heads were requested to share keys than the teacher has for one.</exception>
    public static List<(IReadOnlyList<int> Queries, IReadOnlyList<int> Keys)> Of(UnitSizes teacher, UnitSizes student, UnitScores scores)
    {
        var (shares, keeps) = (teacher.Heads / teacher.KeyValueHeads, student.Heads / student.KeyValueHeads);
        if (keeps > shares)
        {
            throw new DecantException(
                $"student.from-teacher: {student.Heads} heads were requested with {student.KeyValueHeads} of keys and values, {keeps} for each, and in the teacher {shares} share one. " +
                $"Kept by importance, a head stays with its keys: say heads: {shares * student.KeyValueHeads} or fewer, or importance: first.");
        }

        var all = KeptUnits.InLayers(scores.Heads!, teacher.Layers, "heads");
        var keys = scores.KeyValueHeads is { } own ? KeptUnits.InLayers(own, teacher.Layers, "key and value heads") : null;
        return [.. Enumerable.Range(0, teacher.Layers).Select(l => InLayer(l, all[l], keys?[l]))];

        (IReadOnlyList<int> Queries, IReadOnlyList<int> Keys) InLayer(int layer, IReadOnlyList<double> heads, IReadOnlyList<double>? shared)
        {
            _ = UnitScores.Highest(heads, 0, teacher.Heads, $"heads of layer {layer}"); // as many as there are, and finite
            var groups = heads.Chunk(shares).Select(group => UnitScores.Highest(group, keeps, shares, "heads")).ToArray();
            var sums = groups.Select((kept, g) => kept.Sum(h => heads[(g * shares) + h]) + (shared?[g] ?? 0)).ToArray();
            var chosen = UnitScores.Highest(sums, student.KeyValueHeads, teacher.KeyValueHeads, "heads");
            return ([.. chosen.SelectMany(g => groups[g].Select(h => (g * shares) + h))], chosen);
        }
    }
}
