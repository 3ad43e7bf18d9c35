namespace Decant;

/// <summary>How a token is chosen by its logits.</summary>
/// <param name="Temperature">Logits are divided by it before a token is drawn; 0: greedy, the most probable token.</param>
/// <param name="TopK">Draw among the k most probable tokens, and those as probable as the last of them; null: among all.</param>
/// <param name="TopP">Draw among the fewest most probable tokens with probabilities that, after <paramref name="TopK"/>, sum to this; 1: among all.</param>
/// <param name="RepetitionPenalty">Positive logits of tokens that are in the text already are divided by it, and negative ones multiplied by it; 1: off.</param>
internal readonly record struct TokenSampling(double Temperature, int? TopK, double TopP, double RepetitionPenalty)
{
    /// <summary>Whether decoding is greedy: the most probable token is taken as it is.</summary>
    public bool IsPlain => this is { Temperature: 0, RepetitionPenalty: 1 };

    /// <summary>Whether a token is drawn among all, by the softmax of the logits divided by the temperature.</summary>
    public bool IsOfAll => this is { Temperature: > 0, TopK: null, TopP: 1, RepetitionPenalty: 1 };
}

/// <summary>Chooses a token by its logits, in the order of published implementations: penalty, temperature, top-k, top-p.</summary>
internal static class TokenSampler
{
    /// <summary>The token.</summary>
    /// <param name="logits">[V]; changed.</param>
    /// <param name="seen">The tokens that stand in the text already.</param>
    /// <param name="options">How.</param>
    /// <param name="uniform">A number in [0, 1) that decides.</param>
    public static int Choose(Span<float> logits, IReadOnlySet<int> seen, TokenSampling options, Func<double> uniform) => Choose(logits, seen, options, uniform, out _);

    /// <summary>The token, and the logarithm of the probability with which it was drawn; 0 where it was not drawn but the most probable.</summary>
    /// <inheritdoc cref="Choose(Span{float}, IReadOnlySet{int}, TokenSampling, Func{double})"/>
    public static int Choose(Span<float> logits, IReadOnlySet<int> seen, TokenSampling options, Func<double> uniform, out double logProbability)
    {
        Penalise(logits, seen, options.RepetitionPenalty);
        logProbability = 0;
        if (options.Temperature == 0)
            return ArgMax(logits);
        var least = options.TopK is { } k && k < logits.Length ? Kth(logits, k) : float.NegativeInfinity;
        var candidates = Candidates(logits, least, options.Temperature, out var total);
        if (options.TopP < 1)
            total = Nucleus(candidates, total, options.TopP);
        var (id, weight) = Draw(candidates, uniform() * total);
        logProbability = Math.Log(weight / total);
        return id;
    }

    /// <summary>Draws a token from its probabilities.</summary>
    /// <param name="probabilities">[V], at least 0; they are taken to sum to 1 but for rounding.</param>
    /// <param name="uniform">A number in [0, 1) that decides.</param>
    public static (int Id, float LogProbability) Draw(ReadOnlySpan<float> probabilities, double uniform)
    {
        var total = 0.0;
        foreach (var probability in probabilities)
            total += probability;
        var (point, last) = (uniform * total, 0);
        for (var id = 0; id < probabilities.Length; id++)
        {
            if (probabilities[id] == 0)
                continue;
            last = id;
            if ((point -= probabilities[id]) < 0)
                break;
        }

        return (last, (float)Math.Log(probabilities[last] / total));
    }

    /// <summary>The first of the largest.</summary>
    public static int ArgMax(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[best])
                best = i;
        }

        return best;
    }

    private static void Penalise(Span<float> logits, IReadOnlySet<int> seen, double penalty)
    {
        if (penalty == 1)
            return;
        foreach (var id in seen)
            logits[id] = (float)(logits[id] < 0 ? logits[id] * penalty : logits[id] / penalty);
    }

    // The k-th largest.
    private static float Kth(ReadOnlySpan<float> logits, int k)
    {
        var largest = new PriorityQueue<float, float>(k + 1);
        foreach (var logit in logits)
        {
            if (largest.Count < k)
                largest.Enqueue(logit, logit);
            else if (logit > largest.Peek())
                largest.EnqueueDequeue(logit, logit);
        }

        return largest.Peek();
    }

    private static List<(int Id, double Weight)> Candidates(ReadOnlySpan<float> logits, float least, double temperature, out double total)
    {
        var highest = logits[ArgMax(logits)];
        var candidates = new List<(int, double)>();
        total = 0;
        for (var id = 0; id < logits.Length; id++)
        {
            if (!(logits[id] >= least))
                continue;
            var weight = Math.Exp((logits[id] - highest) / temperature);
            total += weight;
            candidates.Add((id, weight));
        }

        return candidates;
    }

    // Keeps the fewest that reach the share; what cannot be among them is left out before the rest is sorted.
    private static double Nucleus(List<(int Id, double Weight)> candidates, double total, double share)
    {
        var floor = total * (1 - share) / candidates.Count;
        candidates.RemoveAll(c => c.Weight < floor);
        candidates.Sort((a, b) => b.Weight != a.Weight ? b.Weight.CompareTo(a.Weight) : a.Id.CompareTo(b.Id));
        var (kept, sum) = (0, 0.0);
        while (kept < candidates.Count && sum < share * total)
            sum += candidates[kept++].Weight;
        candidates.RemoveRange(kept, candidates.Count - kept);
        return sum;
    }

    private static (int Id, double Weight) Draw(List<(int Id, double Weight)> candidates, double point)
    {
        foreach (var (id, weight) in candidates)
        {
            point -= weight;
            if (point < 0)
                return (id, weight);
        }

        return candidates[^1]; // rounding
    }
}
