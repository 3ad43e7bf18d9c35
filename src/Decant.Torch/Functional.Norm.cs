using Decant.Torch.Interop;

namespace Decant.Torch;

public static partial class Functional
{
    private static readonly Operator s_layerNorm = new("aten::layer_norm");
    private static readonly Operator s_batchNorm = new("aten::batch_norm");

    /// <summary>(x − mean) ÷ √(variance + eps) over the last dimension, scaled and shifted; the variance is divided by H.</summary>
    /// <param name="input">[…, H].</param>
    /// <param name="weight">[H].</param>
    /// <param name="bias">[H] or null.</param>
    /// <param name="epsilon">Added to the variance; 1e-5, as PyTorch.</param>
    public static Tensor LayerNorm(Tensor input, Tensor weight, Tensor? bias, double epsilon = 1e-5) =>
        s_layerNorm.Call(input, new[] { weight.Size(0) }, weight, bias, epsilon, false);

    /// <summary>
    /// (x − mean) ÷ √(variance + eps) for every channel, scaled and shifted; over the batch in training, else by the running statistics.
    /// </summary>
    /// <param name="input">[B, C, …].</param>
    /// <param name="weight">[C].</param>
    /// <param name="bias">[C].</param>
    /// <param name="mean">[C], updated in training.</param>
    /// <param name="variance">[C], unbiased, updated in training.</param>
    /// <param name="training">By the batch's own statistics, of more than one value per channel: one makes the running variance NaN.</param>
    /// <param name="momentum">The share of the new statistics; 0.1.</param>
    /// <param name="epsilon">Added to the variance; 1e-5.</param>
    public static Tensor BatchNorm(
        Tensor input, Tensor weight, Tensor bias, Tensor mean, Tensor variance, bool training, double momentum = 0.1, double epsilon = 1e-5) =>
        s_batchNorm.Call(input, weight, bias, mean, variance, training, momentum, epsilon, false);

    /// <summary>max(norm + around, 0), the norm that of <see cref="BatchNorm"/> in training; of float32 images with their channels side by side in fewer passes over memory.</summary>
    /// <param name="input">[B, C, …].</param>
    /// <param name="around">Of the input's shape; null: nothing is added.</param>
    /// <param name="weight">[C].</param>
    /// <param name="bias">[C].</param>
    /// <param name="mean">[C], updated.</param>
    /// <param name="variance">[C], unbiased, updated.</param>
    /// <param name="momentum">The share of the new statistics; 0.1.</param>
    /// <param name="epsilon">Added to the variance; 1e-5.</param>
    /// <returns>The input's shape. Its gradient has no gradient of its own where it is computed in fewer passes.</returns>
    public static Tensor BatchNormRelu(
        Tensor input, Tensor? around, Tensor weight, Tensor bias, Tensor mean, Tensor variance, double momentum = 0.1, double epsilon = 1e-5) =>
        Results.Tensor(NormCalls.BatchNormRelu(input, around, weight, bias, mean, variance, momentum, epsilon))!;
}
