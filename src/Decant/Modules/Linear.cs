using Decant.Torch;

namespace Decant.Modules;

/// <summary>x·Wᵀ + b, as PyTorch's <c>nn.Linear</c>: <c>weight</c> [out, in] and <c>bias</c> [out], both drawn evenly from ±1/√in.</summary>
public sealed class Linear : Module, IAdaptable
{
    /// <summary>A layer with drawn weights.</summary>
    /// <param name="inputs">The width that comes in.</param>
    /// <param name="outputs">The width of the output.</param>
    /// <param name="bias">With a bias; true.</param>
    /// <param name="generator">Where the weights are drawn from; null is libtorch's own.</param>
    public Linear(long inputs, long outputs, bool bias = true, Generator? generator = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        Inputs = inputs;
        Outputs = outputs;
        Weight = RegisterParameter("weight", Initialise.FanIn([outputs, inputs], inputs, generator));
        Bias = bias ? RegisterParameter("bias", Initialise.FanIn([outputs], inputs, generator)) : null;
    }

    /// <summary>The width that comes in.</summary>
    public long Inputs { get; }

    /// <summary>The width of the output.</summary>
    public long Outputs { get; }

    /// <summary>[out, in].</summary>
    public Tensor Weight { get; }

    /// <summary>[out], or null.</summary>
    public Tensor? Bias { get; }

    /// <summary>What it computes with instead of its weights and input; null: with these.</summary>
    internal OperandRounding? Rounding { get; set; }

    /// <summary>What is added to its product; null: nothing.</summary>
    internal LowRankUpdate? Update { get; set; }

    bool IAdaptable.IsTransposed => false;

    LowRankUpdate? IAdaptable.Update
    {
        get => Update;
        set => Update = value;
    }

    /// <summary>[…, in] to […, out].</summary>
    public Tensor Forward(Tensor input)
    {
        if (Rounding is null && Update is null)
            return RecordActivation(Functional.Linear(input, Weight, Bias));
        using var scope = TensorScope.Open();
        var output = Rounding is { } rounding ? Functional.Linear(rounding.Input(input), rounding.Weight(Weight), Bias) : Functional.Linear(input, Weight, Bias);
        return RecordActivation(scope.Keep(Update is { } update ? output + update.Forward(input) : output));
    }

    /// <summary>Floating-point operations for a number of rows.</summary>
    public long Flops(long rows = 1) => 2 * rows * Inputs * Outputs;
}
