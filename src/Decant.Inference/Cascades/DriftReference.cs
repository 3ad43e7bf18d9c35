namespace Decant.Inference.Cascades;

/// <summary>What held-out rows looked like: later windows of requests are compared with it.</summary>
/// <param name="Confidences">Their confidences, ascending; of more than 4,000 rows, 4,000 that are evenly spaced in rank.</param>
/// <param name="Lengths">The lengths of their texts in characters, ascending, likewise; null: not known.</param>
public sealed record DriftReference(IReadOnlyList<double> Confidences, IReadOnlyList<double>? Lengths)
{
    private const int Most = 4_000;

    /// <summary>The reference of held-out rows; null: there are none.</summary>
    public static DriftReference? Of(IReadOnlyList<HeldOutAnswer> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
            return null;
        return new(Spaced(rows.Select(r => r.Confidence)), rows.All(r => r.Length > 0) ? Spaced(rows.Select(r => (double)r.Length)) : null);
    }

    internal void Check(string path)
    {
        if (Confidences is not { Count: > 0 and <= Most } || Lengths is { Count: 0 or > Most })
            throw new DecantException($"{path}: expected 1 to {Most} reference confidences, came {Confidences?.Count ?? 0}. Choose the policy again with 'decant cascade'.");
    }

    private static double[] Spaced(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length <= Most ? sorted : [.. Enumerable.Range(0, Most).Select(i => sorted[(int)((long)i * sorted.Length / Most)])];
    }
}
