using Decant.Torch;

namespace Decant.Modules;

/// <summary>
/// Cross-correlation of images, as PyTorch's <c>nn.Conv2d</c>: <c>weight</c> [out, in ÷ groups, k, k] and <c>bias</c> [out],
/// both drawn evenly from ±1/√(in ÷ groups·k²).
/// </summary>
public sealed class Conv2d : Module
{
    private readonly long _groups;

    /// <summary>A layer with drawn weights.</summary>
    /// <param name="inputs">Channels that come in.</param>
    /// <param name="outputs">Channels that go out.</param>
    /// <param name="kernel">k, the side of the square window.</param>
    /// <param name="stride">Pixels from one position to the next; 1.</param>
    /// <param name="padding">Zeros on every side; 0.</param>
    /// <param name="groups">Independent groups of channels; 1.</param>
    /// <param name="bias">With a bias; true.</param>
    /// <param name="generator">Where the weights are drawn from; null is libtorch's own.</param>
    public Conv2d(
        long inputs, long outputs, long kernel, long stride = 1, long padding = 0, long groups = 1, bool bias = true, Generator? generator = null)
    {
        if (groups < 1 || inputs % groups != 0 || outputs % groups != 0)
            throw new ArgumentException($"{groups} groups do not divide {inputs} and {outputs} channels.", nameof(groups));
        (Inputs, Outputs, Kernel, Stride, Padding, _groups) = (inputs, outputs, kernel, stride, padding, groups);
        var fanIn = inputs / groups * kernel * kernel;
        Weight = RegisterParameter("weight", Initialise.FanIn([outputs, inputs / groups, kernel, kernel], fanIn, generator));
        Bias = bias ? RegisterParameter("bias", Initialise.FanIn([outputs], fanIn, generator)) : null;
    }

    /// <summary>Channels that come in.</summary>
    public long Inputs { get; }

    /// <summary>Channels that go out.</summary>
    public long Outputs { get; }

    /// <summary>The side of the square window.</summary>
    public long Kernel { get; }

    /// <summary>Pixels from one position to the next.</summary>
    public long Stride { get; }

    /// <summary>Zeros on every side.</summary>
    public long Padding { get; }

    /// <summary>[out, in ÷ groups, k, k].</summary>
    public Tensor Weight { get; }

    /// <summary>[out], or null.</summary>
    public Tensor? Bias { get; }

    /// <summary>What it computes with instead of its weights and input, and makes of its output; null: with these.</summary>
    internal OperandRounding? Rounding { get; set; }

    /// <summary>[B, in, H, W] to [B, out, H', W'] with H' = <see cref="OutputSize"/> of H.</summary>
    public Tensor Forward(Tensor input)
    {
        if (Rounding is not { } rounding)
            return RecordActivation(Functional.Conv2d(input, Weight, Bias, Stride, Padding, _groups));
        using var scope = TensorScope.Open();
        return RecordActivation(scope.Keep(rounding.Output(Functional.Conv2d(rounding.Input(input), rounding.Weight(Weight), Bias, Stride, Padding, _groups))));
    }

    /// <summary>The same with other weights and bias of the same shapes; records nothing.</summary>
    internal Tensor Forward(Tensor input, Tensor weight, Tensor? bias) => Functional.Conv2d(input, weight, bias, Stride, Padding, _groups);

    /// <summary>⌊(size + 2·padding − kernel) ÷ stride⌋ + 1; less than 1 where the window does not fit.</summary>
    public long OutputSize(long size) => Window.OutputSize(size, Kernel, Stride, Padding);

    /// <summary>Floating-point operations for one image of that size.</summary>
    public long Flops(long height, long width) =>
        2 * OutputSize(height) * OutputSize(width) * Outputs * (Inputs / _groups) * Kernel * Kernel;
}
