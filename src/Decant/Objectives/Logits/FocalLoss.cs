using Decant.Data.Batching;
using Decant.Torch;

namespace Decant.Objectives.Logits;

/// <summary>The sum Σ −w_y·(1 − q(y))^γ·log q(y) over the rows that have a label.</summary>
internal static class FocalLoss
{
    /// <param name="logits">[R, C], float32.</param>
    /// <param name="labels">[R], with <see cref="Batch.NoLabel"/> where there is none.</param>
    /// <param name="classWeights">w [C]; null: all 1.</param>
    /// <param name="rowWeights">[R]; null: all 1.</param>
    /// <param name="gamma">γ.</param>
    public static Tensor Sum(Tensor logits, Tensor labels, Tensor? classWeights, Tensor? rowWeights, double gamma)
    {
        using var scope = TensorScope.Open();
        var (value, gradient) = ValueAndGradient(logits.Detach(), labels, classWeights, rowWeights, gamma);
        return scope.Keep(Autograd.WithGradients(value, [logits], [gradient]));
    }

    private static (Tensor Value, Tensor Gradient) ValueAndGradient(Tensor logits, Tensor labels, Tensor? classWeights, Tensor? rowWeights, double gamma)
    {
        var unlabelled = labels.EqualTo(Batch.NoLabel);                                                             // [R]
        var target = labels.MaskedFill(unlabelled, 0);                                                              // [R]
        var logQ = logits.LogSoftmax(-1);                                                                           // [R, C]
        var logP = logQ.Gather(-1, target.Unsqueeze(-1));                                                           // [R, 1]: that of the label
        var rest = (-logP.Expm1()).Clamp(min: 0);                                                                   // [R, 1]: 1 − p, exact near p = 1
        var factor = rest.Pow(gamma);                                                                               // [R, 1]
        if (classWeights is not null)
            factor = factor * classWeights.IndexSelect(0, target).Unsqueeze(-1);
        if (rowWeights is not null)
            factor = factor * rowWeights.Unsqueeze(-1);
        factor = factor.MaskedFill(unlabelled.Unsqueeze(-1), 0);                                                    // [R, 1]
        // dL/dz = (1 − p)^γ·(γ·p·log p ÷ (1 − p) − 1)·(onehot − q). Autograd would multiply (1 − p)^(γ − 1) by 0 at p = 1, which is no number where γ < 1.
        var ratio = (logP / rest).MaskedFill(rest.EqualTo(0), -1);                                                  // [R, 1]: log p ÷ (1 − p), which tends to −1
        var slope = factor * (logP.Exp() * ratio * gamma - 1);                                                      // [R, 1]
        return (-(factor * logP).Sum(), slope * (target.OneHot(logits.Size(-1)).To(DType.Float32) - logQ.Exp()));   // [R, C]
    }
}
