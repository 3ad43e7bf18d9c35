using Decant.Evaluation;
using Decant.Evaluation.Regression;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Comparing;

/// <summary>Samples of a regression for a picture: the same ones for every arm.</summary>
internal static class Scatter
{
    private const int MostPoints = 250;

    /// <summary>Every n-th sample that has a target for the first output; null of other tasks.</summary>
    public static IReadOnlyList<ScatterPoint>? Of(TaskAnswers answers)
    {
        if (answers is not RegressionAnswers regression)
            return null;
        var known = Enumerable.Range(0, regression.Count).Select(i => i * regression.Outputs).Where(i => float.IsFinite(regression.Targets[i])).ToArray();
        var step = (known.Length + MostPoints - 1) / MostPoints;
        return [.. known.Where((_, k) => k % step == 0).Select(i => new ScatterPoint(regression.Targets[i], regression.Values[i]))];
    }
}
