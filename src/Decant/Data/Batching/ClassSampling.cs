using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Data.Batching;

/// <summary>How often the samples of each class are drawn in an epoch.</summary>
public enum ClassShares
{
    /// <summary>As often as there are samples: every sample once an epoch.</summary>
    Proportional,

    /// <summary>In proportion to the square root of their number.</summary>
    SquareRoot,

    /// <summary>Every class equally often.</summary>
    Balanced,

    /// <summary>Every sample in proportion to 1 ÷ E_n, E_n = (1 − βⁿ) ÷ (1 − β) the effective number of its class's samples (Cui et al. 2019, arXiv:1901.05555, eq. 2).</summary>
    EffectiveNumber,
}

/// <summary>How often the samples of each class are drawn, where they have very different numbers of samples; those without a label are drawn as often as ever, once an epoch.</summary>
/// <remarks>An epoch stays as long as it is. A control draws as its student does: what is compared is the teacher's answers, not the sampling.</remarks>
public sealed record ClassSampling
{
    private const double DefaultBeta = 0.999;

    /// <summary>The classes' shares of the labelled draws.</summary>
    [Description("class-sampling method")]
    public required ClassShares Classes { get; init; }

    /// <summary>β of <see cref="ClassShares.EffectiveNumber"/>, from 0 (proportional) to below 1 (balanced in the end); null: 0.999. For that alone.</summary>
    [Description("for effective-number: from 0 (proportional) to 1 (balanced); default: 0.999")]
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double? Beta { get; init; }

    /// <summary>
    /// How often each class is drawn in an epoch: whole numbers as near to the shares as can be (largest remainders), at least 1 for a class that has samples, 0 for one
    /// that has none, together as many as there are labelled samples.
    /// </summary>
    /// <param name="counts">The labelled samples of each class.</param>
    public int[] Draws(IReadOnlyList<int> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (Classes == ClassShares.Proportional) return [.. counts];
        var total = counts.Sum();
        var weights = counts.Select(Weight).ToArray();
        var sum = weights.Sum();
        var quotas = weights.Select(weight => weight * total / sum).ToArray();
        var draws = quotas.Select((quota, c) => counts[c] == 0 ? 0 : Math.Max(1, (int)quota)).ToArray();
        for (var missing = total - draws.Sum(); missing != 0; missing = total - draws.Sum())
        {
            var step = Math.Sign(missing);
            var next = Enumerable.Range(0, draws.Length).Where(c => counts[c] > 0 && (step > 0 || draws[c] > 1))
                .OrderByDescending(c => step * (quotas[c] - draws[c])).ThenBy(c => c).Take(Math.Abs(missing));
            foreach (var c in next.ToArray()) draws[c] += step;
        }

        return draws;
    }

    private double Weight(int count) => count == 0 ? 0 : Classes switch
    {
        ClassShares.SquareRoot => Math.Sqrt(count),
        ClassShares.EffectiveNumber => count * (1 - (Beta ?? DefaultBeta)) / (1 - Math.Pow(Beta ?? DefaultBeta, count)),
        _ => 1,
    };
}
