using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Charts;

/// <summary>One arm's confusion matrix, the seeds added up.</summary>
internal sealed class PooledConfusion
{
    private readonly long[,] _cells;

    private PooledConfusion(long[,] cells, int seeds) => (_cells, Seeds) = (cells, seeds);

    public int Classes => _cells.GetLength(0);

    /// <summary>How many matrices were added.</summary>
    public int Seeds { get; }

    public long this[int label, int answer] => _cells[label, answer];

    public static PooledConfusion? Of(ArmView? arm)
    {
        var matrices = (arm?.Tests ?? []).Select(t => t.Confusion).Where(c => c.Count > 0 && c.All(r => r.Count == c.Count)).ToArray();
        if (matrices.Length == 0)
            return null;
        var classes = matrices[0].Count;
        var cells = new long[classes, classes];
        foreach (var matrix in matrices.Where(m => m.Count == classes))
            for (var label = 0; label < classes; label++)
                for (var answer = 0; answer < classes; answer++)
                    cells[label, answer] += matrix[label][answer];
        return new PooledConfusion(cells, matrices.Length);
    }

    public long Support(int label) => Enumerable.Range(0, Classes).Sum(answer => _cells[label, answer]);

    /// <summary>Pairs of different classes, the most frequent first.</summary>
    public IEnumerable<(int Label, int Answer, long Count)> Mistakes() =>
        from label in Enumerable.Range(0, Classes)
        from answer in Enumerable.Range(0, Classes)
        where label != answer && _cells[label, answer] > 0
        orderby _cells[label, answer] descending, label, answer
        select (label, answer, _cells[label, answer]);
}
