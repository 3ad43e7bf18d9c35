namespace Decant.Runs.Fitting;

/// <summary>Trains many candidates a little, the better of them longer and the last two to the end (successive halving, Jamieson and Talwalkar 2016, arXiv:1502.07943; of which a third goes on).</summary>
internal static class SuccessiveHalving
{
    private const int KeptOf = 3;

    /// <summary>The shares of the whole training, from the first round to the last.</summary>
    public static IReadOnlyList<double> Rounds { get; } = [1.0 / 8, 1.0 / 3, 1];

    /// <summary>The best candidate.</summary>
    /// <param name="candidates">At least one; they come in the order of what is expected of them, which decides between equals.</param>
    /// <param name="score">Trains one for a share of the whole training, and scores it; larger is better.</param>
    public static T Best<T>(IReadOnlyList<T> candidates, Func<T, double, double> score)
    {
        var left = candidates;
        foreach (var share in Rounds)
        {
            if (left.Count == 1)
                return left[0];
            // So few go to the next round without being tried.
            if (share < 1 && left.Count <= 2)
                continue;
            var scored = left.Select(c => (Candidate: c, Score: score(c, share))).OrderByDescending(s => s.Score);
            left = [.. scored.Take(share < 1 ? Math.Max(2, (left.Count + KeptOf - 1) / KeptOf) : 1).Select(s => s.Candidate)];
        }

        return left[0];
    }
}
