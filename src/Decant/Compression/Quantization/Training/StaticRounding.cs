using Decant.Modules;
using Decant.Torch;

namespace Decant.Compression.Quantization.Training;

/// <summary>Weights as int8, and activations of known ranges: those that come in, and those that go out where everything behind the layer reads them rounded.</summary>
/// <param name="weights">How the weights are rounded.</param>
/// <param name="input">The range of what comes in.</param>
/// <param name="output">The range of what goes out; null: it stays.</param>
internal sealed class StaticRounding(ChannelRounding weights, RangeRounding input, RangeRounding? output) : OperandRounding
{
    /// <inheritdoc/>
    public override Tensor Weight(Tensor weight) => weights.Weight(weight);

    /// <inheritdoc/>
    public override Tensor Input(Tensor value) => input.Round(value);

    /// <inheritdoc/>
    public override Tensor Output(Tensor value) => output is null ? value : output.Round(value);
}
