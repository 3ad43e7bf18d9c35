namespace Decant.Teachers.Answers.Packing;

/// <summary>What was drawn from a teacher's distribution over its vocabulary, at one position.</summary>
/// <param name="Ids">The ids that were drawn, rising; M of them.</param>
/// <param name="Counts">[M], how often each was drawn; they sum to the number of draws.</param>
/// <param name="Scales">[M], codes of <see cref="ScaleGrid"/>: what a draw of each id weighs; null where ids were drawn as the teacher has them, and each draw weighs 1.</param>
internal sealed record SampledRow(int[] Ids, int[] Counts, byte[]? Scales = null)
{
    /// <summary>The unbiased estimate of the probability of each id [M]; all other ids: 0. Sums to 1 where ids were drawn as the teacher has them, and to 1 on average elsewhere.</summary>
    public float[] Probabilities()
    {
        var draws = (float)Counts.Sum();
        var estimates = new float[Ids.Length];
        for (var i = 0; i < estimates.Length; i++)
            estimates[i] = Counts[i] / draws * (Scales is null ? 1 : ScaleGrid.ValueOf(Scales[i]));
        return estimates;
    }
}
