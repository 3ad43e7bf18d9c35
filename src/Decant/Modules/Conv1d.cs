using Decant.Torch;

namespace Decant.Modules;

/// <summary>
/// Cross-correlation of sequences, as PyTorch's <c>nn.Conv1d</c>: <c>weight</c> [out, in, k] and <c>bias</c> [out], both drawn evenly from
/// ±1/√(in·k).
/// </summary>
public sealed class Conv1d : Module
{
    /// <summary>A layer with drawn weights.</summary>
    /// <param name="inputs">Channels that come in.</param>
    /// <param name="outputs">Channels that go out.</param>
    /// <param name="kernel">k, the length of the window.</param>
    /// <param name="stride">Positions from one window to the next; 1.</param>
    /// <param name="padding">Zeros on both ends; 0.</param>
    /// <param name="bias">With a bias; true.</param>
    /// <param name="generator">Where the weights are drawn from; null is libtorch's own.</param>
    public Conv1d(long inputs, long outputs, long kernel, long stride = 1, long padding = 0, bool bias = true, Generator? generator = null)
    {
        (Inputs, Outputs, Kernel, Stride, Padding) = (inputs, outputs, kernel, stride, padding);
        Weight = RegisterParameter("weight", Initialise.FanIn([outputs, inputs, kernel], inputs * kernel, generator));
        Bias = bias ? RegisterParameter("bias", Initialise.FanIn([outputs], inputs * kernel, generator)) : null;
    }

    /// <summary>Channels that come in.</summary>
    public long Inputs { get; }

    /// <summary>Channels that go out.</summary>
    public long Outputs { get; }

    /// <summary>The length of the window.</summary>
    public long Kernel { get; }

    /// <summary>Positions from one window to the next.</summary>
    public long Stride { get; }

    /// <summary>Zeros on both ends.</summary>
    public long Padding { get; }

    /// <summary>[out, in, k].</summary>
    public Tensor Weight { get; }

    /// <summary>[out], or null.</summary>
    public Tensor? Bias { get; }

    /// <summary>What it computes with instead of its weights and input, and makes of its output; null: with these.</summary>
    internal OperandRounding? Rounding { get; set; }

    /// <summary>[B, in, T] to [B, out, T'] with T' = <see cref="OutputSize"/> of T.</summary>
    public Tensor Forward(Tensor input)
    {
        if (Rounding is not { } rounding)
            return RecordActivation(Functional.Conv1d(input, Weight, Bias, Stride, Padding));
        using var scope = TensorScope.Open();
        return RecordActivation(scope.Keep(rounding.Output(Functional.Conv1d(rounding.Input(input), rounding.Weight(Weight), Bias, Stride, Padding))));
    }

    /// <summary>⌊(size + 2·padding − kernel) ÷ stride⌋ + 1; less than 1 where the window does not fit.</summary>
    public long OutputSize(long size) => Window.OutputSize(size, Kernel, Stride, Padding);

    /// <summary>Floating-point operations for one sequence of that length.</summary>
    public long Flops(long length) => 2 * OutputSize(length) * Outputs * Inputs * Kernel;
}
