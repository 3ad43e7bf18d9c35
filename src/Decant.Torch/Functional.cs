namespace Decant.Torch;

/// <summary>
/// Operators of neural networks that take weights: what modules are made of. Inputs and weights are floating-point, of one dtype and device.
/// </summary>
public static partial class Functional
{
    private static readonly Operator s_linear = new("aten::linear");
    private static readonly Operator s_embedding = new("aten::embedding");
    private static readonly Operator s_conv2d = new("aten::conv2d");
    private static readonly Operator s_conv1d = new("aten::conv1d");
    private static readonly Operator s_maxPool2d = new("aten::max_pool2d");
    private static readonly Operator s_avgPool2d = new("aten::avg_pool2d");
    private static readonly Operator s_adaptiveAvgPool2d = new("aten::adaptive_avg_pool2d");
    private static readonly Operator s_dropout = new("aten::dropout");

    /// <summary>x·Wᵀ + b.</summary>
    /// <param name="input">[…, in].</param>
    /// <param name="weight">[out, in].</param>
    /// <param name="bias">[out] or null.</param>
    /// <returns>[…, out].</returns>
    public static Tensor Linear(Tensor input, Tensor weight, Tensor? bias = null) => s_linear.Call(input, weight, bias);

    /// <summary>The rows of the weight [V, H] that the indices (int64, any shape) name.</summary>
    /// <param name="weight">[V, H].</param>
    /// <param name="indices">Any shape, each from 0 to V − 1.</param>
    /// <param name="padding">The row that gets no gradient; −1: none.</param>
    /// <returns>The indices' shape with H appended.</returns>
    public static Tensor Embedding(Tensor weight, Tensor indices, long padding = -1) => s_embedding.Call(weight, indices, padding);

    /// <summary>Cross-correlation of images.</summary>
    /// <param name="input">[B, C, H, W].</param>
    /// <param name="weight">[out, C ÷ groups, kH, kW].</param>
    /// <param name="bias">[out] or null.</param>
    /// <param name="stride">Pixels from one position to the next; 1.</param>
    /// <param name="padding">Zeros on every side; 0.</param>
    /// <param name="groups">Independent groups of channels, which divide C and out; 1.</param>
    /// <returns>[B, out, (H + 2·padding − kH) ÷ stride + 1, the same of W].</returns>
    public static Tensor Conv2d(Tensor input, Tensor weight, Tensor? bias = null, long stride = 1, long padding = 0, long groups = 1) =>
        s_conv2d.Call(input, weight, bias, new[] { stride, stride }, new[] { padding, padding }, new long[] { 1, 1 }, groups);

    /// <summary>Cross-correlation of sequences [B, C, T] with [out, C, k] and a bias [out] or null; stride 1 and padding 0 by default.</summary>
    /// <returns>[B, out, (T + 2·padding − k) ÷ stride + 1].</returns>
    public static Tensor Conv1d(Tensor input, Tensor weight, Tensor? bias = null, long stride = 1, long padding = 0) =>
        s_conv1d.Call(input, weight, bias, new[] { stride }, new[] { padding });

    /// <summary>
    /// The largest of every square window of [B, C, H, W]; the stride is the kernel's size by default, padding (at most half of it) is −∞.
    /// </summary>
    public static Tensor MaxPool2d(Tensor input, long kernel, long? stride = null, long padding = 0)
    {
        var step = stride ?? kernel;
        return s_maxPool2d.Call(input, new[] { kernel, kernel }, new[] { step, step }, new[] { padding, padding });
    }

    /// <summary>
    /// The mean of every square window of [B, C, H, W]; the stride is the kernel's size by default, the zeros of the padding count.
    /// </summary>
    public static Tensor AvgPool2d(Tensor input, long kernel, long? stride = null, long padding = 0)
    {
        var step = stride ?? kernel;
        return s_avgPool2d.Call(input, new[] { kernel, kernel }, new[] { step, step }, new[] { padding, padding });
    }

    /// <summary>Means over windows chosen so that [B, C, H, W] becomes [B, C, height, width].</summary>
    public static Tensor AdaptiveAvgPool2d(Tensor input, long height, long width) => s_adaptiveAvgPool2d.Call(input, new[] { height, width });

    /// <summary>
    /// In training sets elements to 0 with the probability (0 to 1) and divides the others by 1 − it, else changes nothing. Draws from
    /// libtorch's own generator.
    /// </summary>
    public static Tensor Dropout(Tensor input, double probability, bool training) => s_dropout.Call(input, probability, training);
}
