namespace Decant.Inference;

/// <summary>How probable a token was, and which were the most probable ones in its place.</summary>
/// <param name="Id">The token.</param>
/// <param name="Value">The natural logarithm of its probability.</param>
/// <param name="Top">The most probable tokens, the best first, with theirs.</param>
internal sealed record TokenLogprob(int Id, double Value, IReadOnlyList<(int Id, double Value)> Top)
{
    /// <summary>Of logits.</summary>
    /// <param name="logits">[V].</param>
    /// <param name="id">The token that was chosen.</param>
    /// <param name="top">How many of the most probable ones.</param>
    public static TokenLogprob Of(ReadOnlySpan<float> logits, int id, int top)
    {
        double highest = logits[TokenSampler.ArgMax(logits)], sum = 0;
        foreach (var logit in logits)
            sum += Math.Exp(logit - highest);
        var total = highest + Math.Log(sum);
        // The smallest of the best is at the head; of equal ones the first id is the better.
        var best = new PriorityQueue<int, (float Logit, int Id)>(top + 1);
        for (var i = 0; top > 0 && i < logits.Length; i++)
        {
            if (best.Count < top)
                best.Enqueue(i, (logits[i], -i));
            else
                best.EnqueueDequeue(i, (logits[i], -i));
        }

        var found = new (int, double)[best.Count];
        for (var place = found.Length - 1; place >= 0; place--)
        {
            var token = best.Dequeue();
            found[place] = (token, logits[token] - total);
        }

        return new(id, logits[id] - total, found);
    }
}
