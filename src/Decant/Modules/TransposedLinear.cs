using Decant.Torch;

namespace Decant.Modules;

/// <summary>x·W + b with the weight stored the other way round than <see cref="Linear"/>'s: <c>weight</c> [in, out], as GPT-2 was published.</summary>
internal sealed class TransposedLinear : Module, IAdaptable
{
    /// <summary>A layer with weights from a normal distribution and a bias of 0.</summary>
    /// <param name="inputs">The width of the input.</param>
    /// <param name="outputs">The width of the output.</param>
    /// <param name="bias">With a bias; true.</param>
    /// <param name="deviation">The standard deviation that weights are drawn with; 0.02.</param>
    /// <param name="generator">Where the weights are drawn from; null is libtorch's own.</param>
    public TransposedLinear(long inputs, long outputs, bool bias = true, double deviation = 0.02, Generator? generator = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        (Inputs, Outputs) = (inputs, outputs);
        Weight = RegisterParameter("weight", Initialise.Normal([inputs, outputs], deviation, generator));
        Bias = bias ? RegisterParameter("bias", Tensor.Zeros([outputs])) : null;
    }

    /// <summary>The width that comes in.</summary>
    public long Inputs { get; }

    /// <summary>The width of the output.</summary>
    public long Outputs { get; }

    /// <summary>[in, out].</summary>
    public Tensor Weight { get; }

    /// <summary>[out], or null.</summary>
    public Tensor? Bias { get; }

    /// <summary>What it computes with instead of its weights and input; null: with these.</summary>
    internal OperandRounding? Rounding { get; set; }

    /// <inheritdoc/>
    public LowRankUpdate? Update { get; set; }

    /// <inheritdoc/>
    public bool IsTransposed => true;

    /// <summary>[…, in] to […, out].</summary>
    public Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Open();
        var (x, weight) = Rounding is { } rounding ? (rounding.Input(input), rounding.Weight(Weight)) : (input, Weight);
        var output = Functional.Linear(x, weight.Transpose(0, 1), Bias); // the product reads the transposed view, nothing is copied
        return RecordActivation(scope.Keep(Update is { } update ? output + update.Forward(input) : output));
    }

    /// <summary>Floating-point operations for a number of rows.</summary>
    public long Flops(long rows = 1) => 2 * rows * Inputs * Outputs;
}
