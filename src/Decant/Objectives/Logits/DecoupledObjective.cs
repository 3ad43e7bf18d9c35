using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Data.Batching;
using Decant.Torch;

namespace Decant.Objectives.Logits;

/// <summary>Options of <c>decoupled</c>.</summary>
public sealed record Decoupled : DivergenceOptions
{
    /// <summary>α: the factor of the target-class term (the label's class against all others); default: 1.</summary>
    [Range(0.0, double.MaxValue)]
    [Description("weight of the target-class term: the label's class against all others")]
    public double Alpha { get; init; } = 1;

    /// <summary>β: the factor of the non-target-class term (the other classes among themselves); default: 8.</summary>
    [Range(0.0, double.MaxValue)]
    [Description("weight of the non-target-class term: the other classes among themselves")]
    public double Beta { get; init; } = 8;
}

/// <summary>
/// Decoupled distillation: per sample with a label y, τ²·(α·KL(b_t ‖ b_s) + β·KL(p̂ ‖ q̂)), b = (p_y, 1 − p_y) the label's class against the others together,
/// p̂ and q̂ the other classes among themselves. KL(p ‖ q) is the same with α = 1 and β = 1 − p_y. Samples without a label do not count.
/// </summary>
/// <remarks>Zhao et al. 2022 (DKD), arXiv:2203.08679, eq. 7. With two classes the second part is 0.</remarks>
internal sealed class DecoupledObjective : Divergence
{
    private readonly double _alpha;
    private readonly double _beta;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">α, β, temperature and scale.</param>
    /// <exception cref="DecantException">One is out of range, or α and β are 0.</exception>
    public DecoupledObjective(Decoupled? options = null) : base(options ??= new())
    {
        (_alpha, _beta) = (options.Alpha, options.Beta);
        if (_alpha == 0 && _beta == 0)
            throw new DecantException($"{Kind}: both factors are 0, which leaves nothing to learn; give 'alpha' or 'beta' one above 0.");
    }

    /// <inheritdoc/>
    public override string Kind => "decoupled";

    /// <inheritdoc/>
    public override long Count(Batch batch) => batch.LabelledCount;

    /// <summary>False: the class of a label need not be among the largest.</summary>
    private protected override bool TakesTopProbabilities => false;

    /// <inheritdoc/>
    protected override Tensor PerRow(Tensor logP, Tensor logQ, Batch batch)
    {
        if (logP.Size(-1) < 2)
            throw new DecantException($"{Kind}: it compares a class with the others, and there is one class only; use another objective.");
        var isUnlabelled = batch.Labels.EqualTo(Batch.NoLabel);                                                     // [R]
        var label = batch.Labels.MaskedFill(isUnlabelled, 0).Unsqueeze(-1);                                         // [R, 1]
        var (teacher, student) = (new Parts(logP, label), new Parts(logQ, label));
        var target = LogProbabilities.KullbackLeibler(teacher.TargetOrNot, student.TargetOrNot);                    // [R]
        // Where the teacher leaves no other class, they have no shares among themselves.
        var rest = LogProbabilities.KullbackLeibler(teacher.Others, student.Others).MaskedFill(teacher.HasNoOthers, 0);
        return (target * _alpha + rest * _beta).MaskedFill(isUnlabelled, 0);
    }

    private readonly struct Parts
    {
        /// <summary>Replaces −∞, as its sums and differences have gradients; as a logit it is a probability of 0 as well.</summary>
        private const double RuledOut = -1e30;

        /// <summary>A logarithm below this means −∞, whatever it was divided by.</summary>
        private const double Nothing = -1e20;

        public Parts(Tensor logProbabilities, Tensor label)
        {
            var finite = logProbabilities.Clamp(min: RuledOut);                                                     // [R, C]
            var others = finite.Scatter(-1, label, double.NegativeInfinity);                                        // [R, C]
            // From the others themselves: 1 − p_y would be 0 in float32 as soon as p_y is 1 − 10⁻⁸.
            var allOthers = others.LogSumExp(-1, keep: true);                                                       // [R, 1]
            TargetOrNot = Tensor.Cat([finite.Gather(-1, label), allOthers], -1).LogSoftmax(-1);
            Others = others.LogSoftmax(-1);
            HasNoOthers = allOthers.Squeeze(-1).LessOrEqual(Nothing);
        }

        /// <summary>[R, 2]: log p_y and log(1 − p_y).</summary>
        public Tensor TargetOrNot { get; }

        /// <summary>[R, C]: the logarithms of the others' shares, −∞ for the label's class.</summary>
        public Tensor Others { get; }

        /// <summary>[R].</summary>
        public Tensor HasNoOthers { get; }
    }
}
