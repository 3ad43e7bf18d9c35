using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Relations;

/// <summary>Options of <c>correlation-congruence</c>.</summary>
public sealed record CorrelationCongruence : RelationOptions
{
    /// <summary>γ: how fast the likeness of two samples falls with their distance; 0.4, as in published programs.</summary>
    [Range(0.001, 100.0)]
    [Description("gamma of the Gaussian kernel: how fast the similarity of two samples falls with their distance")]
    public double Gamma { get; init; } = 0.4;

    /// <summary>P: the last term of the truncated series of the exponential; default: 2, as in published programs.</summary>
    [Range(1, 100)]
    [Description("order of the Taylor approximation of the kernel")]
    public int Order { get; init; } = 2;
}

/// <summary>
/// How the samples of a batch correlate (CC): ‖C_s − C_t‖²_F ÷ B², C(i, j) = e^(−2γ)·Σ_{p ≤ P} (2γ)^p ÷ p!·cos(i, j)^p, a Gaussian kernel of directions
/// by the first terms of its series. 0 where both agree; the same however the student's space is turned or scaled.
/// </summary>
/// <remarks>Peng et al. 2019, arXiv:1904.01802, §3: as P grows, C(i, j) is e^(−γ·‖i − j‖²) of vectors of length 1.</remarks>
internal sealed class CorrelationCongruenceObjective : RelationObjective
{
    private readonly double _gamma;
    private readonly int _order;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">What represents a sample, and the kernel.</param>
    /// <param name="context">The training; null: paths are not checked.</param>
    /// <exception cref="DecantException">A path leads nowhere, or an option is out of range.</exception>
    public CorrelationCongruenceObjective(CorrelationCongruence? options = null, ObjectiveContext? context = null)
        : base("correlation-congruence", options ?? new CorrelationCongruence(), context) =>
        (_gamma, _order) = (options?.Gamma ?? new CorrelationCongruence().Gamma, options?.Order ?? new CorrelationCongruence().Order);

    /// <inheritdoc/>
    protected override Tensor Mean(Tensor student, Tensor teacher) => (Correlations(student) - Correlations(teacher)).Square().Mean();

    private Tensor Correlations(Tensor vectors)
    {
        var directions = RelationMath.Directions(vectors);
        var cosines = directions.MatMul(directions.Transpose(0, 1));                                                // [B, B]
        var series = cosines * (2 * _gamma / _order) + 1;
        for (var p = _order - 1; p > 0; p--)                                                                        // 1 + x·(1 + x ÷ 2·(1 + …))
            series = series * cosines * (2 * _gamma / p) + 1;
        return series * Math.Exp(-2 * _gamma);
    }
}
