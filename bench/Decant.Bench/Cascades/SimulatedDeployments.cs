using Decant.Evaluation;
using Decant.Inference.Cascades;

namespace Decant.Bench.Cascades;

/// <summary>How often the limit of the risk is broken when the threshold of a cascade is chosen on few rows of many.</summary>
/// <param name="Deployments">How often a threshold was chosen.</param>
/// <param name="Level">The limit.</param>
/// <param name="Chosen">How often there was a threshold.</param>
/// <param name="Broken">How often the risk over all rows, from which the held-out rows are drawn with replacement, was above the limit.</param>
/// <param name="BrokenApart">How often the share of wrong answers among the accepted rows that were not drawn was above the limit; it varies with those rows, too.</param>
/// <param name="ShareLocal">The mean share of all rows that was answered locally.</param>
/// <param name="Risk">The mean risk over all rows, where there was a threshold.</param>
/// <param name="Best">The largest share at any threshold of the grid whose risk over all rows is within the limit.</param>
internal sealed record SimulatedDeployments(int Deployments, double Level, int Chosen, int Broken, int BrokenApart, double ShareLocal, double Risk, double Best)
{
    /// <summary>Draws.</summary>
    /// <param name="rows">All rows: what requests are drawn from.</param>
    /// <param name="options">How a threshold is chosen.</param>
    /// <param name="heldOut">Rows that it is chosen on, each time.</param>
    /// <param name="deployments">How often.</param>
    /// <param name="seed">Of the draws.</param>
    public static SimulatedDeployments Run(IReadOnlyList<HeldOutAnswer> rows, CascadeOptions options, int heldOut, int deployments, ulong seed)
    {
        var random = new SplitMix64(seed);
        var identity = new CascadeIdentity("student", "teacher", []);
        var (chosen, broken, apart, share, risk) = (0, 0, 0, 0.0, 0.0);
        for (var i = 0; i < deployments; i++)
        {
            var drawn = new bool[rows.Count];
            var sample = new HeldOutAnswer[heldOut];
            for (var j = 0; j < heldOut; j++)
            {
                var row = random.Below(rows.Count);
                (sample[j], drawn[row]) = (rows[row], true);
            }

            var policy = CascadeSelection.Choose(sample, identity, options);
            if (policy.Threshold is null)
                continue;
            var (accepted, real) = Realised(rows, policy);
            chosen++;
            share += (double)accepted / rows.Count;
            risk += real;
            broken += real > options.Risk ? 1 : 0;
            apart += Realised([.. rows.Where((_, j) => !drawn[j])], policy).Risk > options.Risk ? 1 : 0;
        }

        var all = CascadeSelection.Choose(rows, identity, options);
        var best = all.Steps.Where(s => s.Accepted > 0 && s.MeasuredRisk <= options.Risk).Select(s => s.Share).DefaultIfEmpty(0).Max();
        return new(deployments, options.Risk, chosen, broken, apart, share / deployments, chosen == 0 ? 0 : risk / chosen, best);
    }

    private static (int Accepted, double Risk) Realised(IReadOnlyList<HeldOutAnswer> rows, CascadePolicy policy)
    {
        var accepted = rows.Count(r => policy.IsLocal(r.Confidence));
        return (accepted, accepted == 0 ? 0 : (double)rows.Count(r => r.IsWrong && policy.IsLocal(r.Confidence)) / accepted);
    }
}
