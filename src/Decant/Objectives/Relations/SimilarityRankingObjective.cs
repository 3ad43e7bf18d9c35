using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Relations;

/// <summary>Options of <c>similarity-ranking</c>.</summary>
public sealed record SimilarityRanking : SimilarityOptions
{
    /// <summary>τ: divides the cosines of both models before the softmax; 0.05. The smaller, the more only the nearest samples count.</summary>
    [Range(0.001, 10.0)]
    [Description("softmax temperature of the cosines: the smaller, the more only the nearest samples count")]
    public double Temperature { get; init; } = 0.05;
}

/// <summary>
/// In what order the other samples of a batch are near to each (InfoNCE with in-batch negatives, scored by the teacher): the mean over the samples i of KL(p_i ‖ q_i),
/// p_i = softmax over j ≠ i of cos_t(i, j) ÷ τ, q_i of cos_s(i, j) ÷ τ. 0 where both agree; widths may differ.
/// </summary>
/// <remarks>
/// Fang et al. 2021 (SEED), arXiv:2101.04731, §3.2, with the other samples of the batch instead of a queue, one temperature for both models, and the teacher's entropy taken away, so that it is 0 where both agree.
/// </remarks>
internal sealed class SimilarityRankingObjective : SimilarityObjective
{
    private readonly double _temperature;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">What represents a sample, and the temperature.</param>
    /// <param name="context">The training; null: paths are not checked.</param>
    /// <exception cref="DecantException">A path leads nowhere, or an option is out of range.</exception>
    public SimilarityRankingObjective(SimilarityRanking? options = null, ObjectiveContext? context = null) : base("similarity-ranking", options ?? new SimilarityRanking(), context) =>
        _temperature = (options ?? new()).Temperature;

    /// <inheritdoc/>
    protected override Tensor Compare(Tensor student, Tensor teacher)
    {
        var isSelf = Diagonal(student);
        var (logQ, logP) = (LogShares(student.Detach(), isSelf), LogShares(teacher, isSelf));                       // [B, B]
        var p = logP.Exp();
        var samples = student.Size(0);
        var value = LogProbabilities.KullbackLeibler(p, logP, logQ).Sum() / samples;
        // Value and gradient together: where both agree the gradient is exactly 0.
        return Autograd.WithGradients(value, [student], [(logQ.Exp() - p) / (_temperature * samples)]);
    }

    private Tensor LogShares(Tensor cosines, Tensor isSelf) => (cosines / _temperature).MaskedFill(isSelf, double.NegativeInfinity).LogSoftmax(-1);
}
