using Decant.Data.Batching;
using Decant.Torch;

namespace Decant.Objectives.Ranking;

/// <summary>The pairs of a query's documents.</summary>
internal static class DocumentPairs
{
    /// <summary>s_i − s_j [B, K, K] of scores [B, K].</summary>
    public static Tensor Differences(Tensor scores) => scores.Unsqueeze(2) - scores.Unsqueeze(1);

    /// <summary>[B, K, K] float32: 1 for the pairs of which the first document has the higher grade, of a query without grades for all pairs, once.</summary>
    public static Tensor Graded(Batch batch, RankedRows ranked)
    {
        var grades = ranked.ByQuery(ranked.Grades(batch.Labels), double.NaN);                                       // [B, K], not a number where there is none
        var isHigher = Differences(grades).Neg().Less(0).To(DType.Float32);                                         // not a number is not less
        if (ranked.LabelledSamples == ranked.Samples)
            return isHigher;
        var hasNone = grades.EqualTo(grades).To(DType.Float32).Sum(1).Less(0.5).To(DType.Float32);                  // [B]
        return isHigher + (All(ranked) * hasNone.Unsqueeze(1).Unsqueeze(2));
    }

    /// <summary>[B, K, K] float32: 1 for every pair of documents, once.</summary>
    public static Tensor All(RankedRows ranked)
    {
        var isThere = 1 - ranked.IsEmpty.To(DType.Float32);                                                          // [B, K]
        var isLater = new float[ranked.Widest * ranked.Widest];
        for (var i = 0; i < ranked.Widest; i++)
            isLater.AsSpan((i * ranked.Widest) + i + 1, ranked.Widest - i - 1).Fill(1);
        return isThere.Unsqueeze(2) * isThere.Unsqueeze(1) * Tensor.From(isLater, isThere.Device, ranked.Widest, ranked.Widest);
    }

    /// <summary>The mean of a number over the pairs of each query [B]; 0 where it has none.</summary>
    /// <param name="pairs">[B, K, K], 1 for a pair that counts.</param>
    /// <param name="values">[B, K, K], finite.</param>
    public static Tensor MeansOver(Tensor pairs, Tensor values) => (pairs * values).Sum([1, 2]) / pairs.Sum([1, 2]).Clamp(min: 1);
}
