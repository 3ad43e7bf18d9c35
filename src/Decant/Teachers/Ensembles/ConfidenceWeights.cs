using Decant.Data.Batching;
using Decant.Torch;

namespace Decant.Teachers.Ensembles;

/// <summary>
/// Sample by sample, a teacher counts the less, the more it doubts: w_k = (1 − e^{d_k} ÷ Σⱼ e^{d_j}) ÷ (K − 1), where d_k is the entropy of its answer in nats,
/// or −log p_k(y) where the label counts and is known.
/// </summary>
/// <remarks>
/// With labels: Zhang, Chen and Wang 2022 (CA-MKD), arXiv:2201.00007. Samples without a label, and all of them where labels do not count, are weighted in the
/// same form by the entropy, which Kwon et al. 2020 (ICASSP, "Adaptive knowledge distillation based on entropy") go by; their own form, 1 − H_k ÷ Σⱼ H_j, is
/// left alone because it hangs on rounding where all members are certain. No weight is above 1 ÷ (K − 1); members that doubt alike count alike.
/// </remarks>
/// <param name="usesLabels">Whether the label counts where it is known; false.</param>
internal sealed class ConfidenceWeights(bool usesLabels = false) : MemberWeights
{
    // e^d would be infinite, and the softmax of infinities not a number.
    private const double MostDoubt = 1e4;

    /// <inheritdoc/>
    public override bool UsesLabels => usesLabels;

    /// <inheritdoc/>
    public override Tensor Of(Tensor log, Tensor? labels)
    {
        ArgumentNullException.ThrowIfNull(log);
        var members = log.Size(0);
        using var scope = TensorScope.Open();
        if (members == 1)
            return scope.Keep(Tensor.Ones([1, 1], log.DType, log.Device));
        var doubt = Doubt(log, labels).Clamp(max: MostDoubt);                                        // [K, R]
        return scope.Keep(doubt.Softmax(0).Neg().Add(1).Div(members - 1));
    }

    private Tensor Doubt(Tensor log, Tensor? labels)
    {
        // 0·log 0 is 0, also where a class is ruled out by a logit of −∞.
        var entropy = log.Exp().Mul(log.Clamp(min: -MostDoubt)).Sum(2).Neg();                        // [K, R]
        if (!usesLabels || labels is null)
            return entropy;
        var known = labels.NotEqualTo(Batch.NoLabel);                                                // [R]
        var index = labels.MaskedFill(known.Not(), 0).View(1, -1, 1).Expand(log.Size(0), labels.Size(0), 1);
        return Tensor.Where(known, log.Gather(2, index).Squeeze(2).Neg(), entropy);
    }
}
