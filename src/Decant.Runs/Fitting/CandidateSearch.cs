namespace Decant.Runs.Fitting;

/// <summary>Finds the candidates that keep the limits and could be the best: those that no larger one does too.</summary>
/// <param name="candidates">All, with their sizes.</param>
/// <param name="limits">The limits.</param>
/// <param name="measure">Measures a candidate.</param>
/// <param name="estimates">What others will take.</param>
/// <param name="loss">The estimated loss of a candidate.</param>
/// <param name="groupOf">What is tried evenly, as estimates between its values are worth little: the number of layers.</param>
internal sealed class CandidateSearch(
    IReadOnlyDictionary<Candidate, CandidateSize> candidates, FitLimits limits, Func<Candidate, CandidateFigures> measure, CandidateEstimates estimates, Func<Candidate, double> loss, Func<Candidate, int> groupOf)
{
    private const double Doubt = 1.1; // an estimate that is so much over the limit may still be wrong
    private const int LastTries = 3;

    private readonly HashSet<Candidate> _broken = [];

    /// <summary>The candidates that are worth training, each measured and within the limits.</summary>
    /// <param name="count">How many at most.</param>
    /// <returns>Some, or none where none keeps the limits.</returns>
    public IReadOnlyList<Candidate> Find(int count)
    {
        var found = new List<Candidate>();
        while (found.Count < count && Next(found) is { } candidate)
        {
            if (Keeps(candidate))
                found.Add(candidate);
        }

        if (found.Count > 0)
            return found;
        // All are over the limits by estimate: the closest are measured before that is believed.
        return [.. candidates.Keys.Where(c => !_broken.Contains(c) && candidates[c].Parameters <= (limits.Parameters ?? long.MaxValue)).OrderBy(EstimatedShare).Take(LastTries).Where(Keeps).Take(count)];
    }

    /// <summary>Of those that were measured the one that exceeds the limits least.</summary>
    /// <param name="measured">Their figures.</param>
    public (Candidate Candidate, CandidateFigures Figures) Nearest(IReadOnlyDictionary<Candidate, CandidateFigures> measured)
    {
        var nearest = measured.MinBy(m => limits.Share(m.Value.Parameters, m.Value.Bytes, m.Value.Milliseconds));
        return (nearest.Key, nearest.Value);
    }

    private bool Keeps(Candidate candidate)
    {
        var figures = measure(candidate);
        if (limits.Share(figures.Parameters, figures.Bytes, figures.Milliseconds) <= 1)
            return true;
        _broken.Add(candidate);
        return false;
    }

    // Of the group with the fewest so far the candidate with the least estimated loss, among those below no other that may keep the limits.
    private Candidate? Next(List<Candidate> found)
    {
        var open = candidates.Keys.Where(c => !_broken.Contains(c) && !found.Contains(c) && !found.Any(f => f.IsLargerThan(c)) && EstimatedShare(c) <= Doubt).ToList();
        return open.Where(c => !open.Exists(o => o.IsLargerThan(c)))
            .OrderBy(c => found.Count(f => groupOf(f) == groupOf(c)))
            .ThenBy(loss)
            .ThenByDescending(c => candidates[c].Parameters)
            .FirstOrDefault();
    }

    private double EstimatedShare(Candidate candidate)
    {
        var (bytes, time) = estimates.Of(candidate);
        return limits.Share(candidates[candidate].Parameters, bytes, time);
    }
}
