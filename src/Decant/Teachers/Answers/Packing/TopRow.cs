namespace Decant.Teachers.Answers.Packing;

/// <summary>The largest probabilities of a teacher's distribution at one position, and what all others have together.</summary>
/// <param name="Ids">[k], rising.</param>
/// <param name="LogProbabilities">[k], log p of each, over the whole vocabulary, at the store's temperature.</param>
/// <param name="LogTail">The log of the mass of all other ids; −∞ where there are none.</param>
internal sealed record TopRow(int[] Ids, float[] LogProbabilities, float LogTail)
{
    /// <summary>The k largest of one row of logits.</summary>
    /// <param name="logits">[V], no NaN and one finite at least.</param>
    /// <param name="k">k; fewer where V is smaller.</param>
    /// <param name="temperature">τ, by which the logits are divided.</param>
    public static TopRow Of(ReadOnlySpan<float> logits, int k, double temperature = 1)
    {
        k = Math.Min(k, logits.Length);
        var queue = new PriorityQueue<int, (float Logit, int Negative)>(k); // the smallest comes first; of equals that with the larger id
        var largest = float.NegativeInfinity;
        for (var id = 0; id < logits.Length; id++)
        {
            if (float.IsNaN(logits[id]))
                throw new ArgumentException($"The teacher's logit of id {id} is not a number.", nameof(logits));
            largest = Math.Max(largest, logits[id]);
            if (queue.Count < k)
                queue.Enqueue(id, (logits[id], -id));
            else
                queue.EnqueueDequeue(id, (logits[id], -id));
        }

        if (!float.IsFinite(largest))
            throw new ArgumentException($"The largest logit is {largest}; expected a finite number.", nameof(logits));
        int[] ids = [.. queue.UnorderedItems.Select(item => item.Element).Order()];
        var isTop = new HashSet<int>(ids);
        var (top, tail) = (0.0, 0.0); // apart, so that a tail of 1e-12 is not lost beside the rest
        for (var id = 0; id < logits.Length; id++)
        {
            var weight = Math.Exp((logits[id] - (double)largest) / temperature);
            if (isTop.Contains(id)) top += weight;
            else tail += weight;
        }

        var all = Math.Log(top + tail);
        var values = new float[ids.Length];
        for (var i = 0; i < ids.Length; i++)
            values[i] = (float)((logits[ids[i]] - (double)largest) / temperature - all);
        return new TopRow(ids, values, (float)(Math.Log(tail) - all));
    }
}
