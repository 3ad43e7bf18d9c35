using Decant.Evaluation;
using Decant.Evaluation.Ranking;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Comparing;

/// <summary>What words alone find: the figures of BM25 beside those of the models.</summary>
internal static class WordsAlone
{
    /// <summary>A sentence with its figures; null: samples are no queries with documents.</summary>
    public static string? Remark(TaskAnswers? answers)
    {
        if (answers is not RankingAnswers { OfWords: { } words })
            return null;
        var figures = words.Metrics().Select(m => (Look: MetricLook.For(m.Key), m.Value)).Select(m => $"{m.Look.Title} {m.Look.Format(m.Value, 1)}");
        return $"BM25, which compares words, on the same documents: {string.Join(", ", figures)}.";
    }
}
