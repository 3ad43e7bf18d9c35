namespace Decant.Compression.Quantization.Numbers;

/// <summary>Weights as symmetric int8: with one scale per channel, or one for all.</summary>
/// <param name="Values">The integers, in the order of the weights.</param>
/// <param name="Scales">One per channel, or a single one.</param>
internal sealed record ChannelWeights(sbyte[] Values, float[] Scales)
{
    /// <summary>Rounds weights.</summary>
    /// <param name="weights">Row by row.</param>
    /// <param name="shape">Their sizes.</param>
    /// <param name="axis">The axis of the channels; null: one scale for all.</param>
    /// <param name="range">The integers: <see cref="IntegerRange.Int8"/> or <see cref="IntegerRange.Reduced"/>.</param>
    public static ChannelWeights Of(ReadOnlySpan<float> weights, ReadOnlySpan<long> shape, int? axis, IntegerRange range)
    {
        var channels = axis is { } a ? (int)shape[a] : 1;
        var inner = 1;
        for (var i = (axis ?? shape.Length) + 1; i < shape.Length; i++)
            inner *= (int)shape[i];
        if (axis is null)
            inner = Math.Max(1, weights.Length);

        var largest = new float[channels];
        for (var i = 0; i < weights.Length; i++)
            largest[i / inner % channels] = Math.Max(largest[i / inner % channels], Math.Abs(weights[i]));
        var scales = Array.ConvertAll(largest, most => AffineScale.Symmetric(most, range));
        var values = new sbyte[weights.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = (sbyte)scales[i / inner % channels].Quantize(weights[i]);
        return new ChannelWeights(values, Array.ConvertAll(scales, s => s.Scale));
    }
}
