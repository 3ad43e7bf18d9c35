using Decant.Compression.Quantization.Numbers;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Compression.Quantization.Training;

/// <summary>Symmetric integers with a scale for each channel, as <see cref="ChannelWeights"/> has them, and perhaps inputs as DynamicQuantizeLinear rounds them.</summary>
/// <param name="inner">The dimensions that share a scale, of the weights as they are stored; null: all of them.</param>
/// <param name="range">The integers.</param>
/// <param name="roundsInput">Whether inputs are rounded too, to uint8 by their smallest and largest value.</param>
internal sealed class ChannelRounding(long[]? inner, IntegerRange range, bool roundsInput = false) : OperandRounding
{
    private const int InputSteps = 255;

    /// <inheritdoc/>
    public override Tensor Weight(Tensor weight)
    {
        using var scope = TensorScope.Open();
        var values = weight.Detach();
        var dimensions = inner ?? [.. Enumerable.Range(0, values.Shape.Length).Select(d => (long)d)];
        var scale = Scales.Normal(values.Abs().Max(dimensions, keep: true).Div(range.Highest));
        var integers = values.Div(scale).Round().Clamp(range.Lowest, range.Highest);
        return scope.Keep(StraightThrough(weight, integers.Mul(scale)));
    }

    /// <inheritdoc/>
    public override Tensor Input(Tensor input)
    {
        if (!roundsInput)
            return input;
        using var scope = TensorScope.Open();
        var values = input.Detach();
        long[] all = [.. Enumerable.Range(0, values.Shape.Length).Select(d => (long)d)];
        var (scale, zero) = Scales.Asymmetric(values.Min(all, keep: true), values.Max(all, keep: true), InputSteps);
        var integers = values.Div(scale).Round().Add(zero).Clamp(0, InputSteps);
        return scope.Keep(StraightThrough(input, integers.Sub(zero).Mul(scale)));
    }
}
