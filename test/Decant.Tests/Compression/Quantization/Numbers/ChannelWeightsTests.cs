using Decant.Compression.Quantization.Numbers;

namespace Decant.Tests.Compression.Quantization.Numbers;

public class ChannelWeightsTests
{
    private static readonly float[] s_matrix = [1, -10, 0.5f, 5]; // [2, 2]

    [Fact]
    public void Each_column_has_its_scale()
    {
        var weights = ChannelWeights.Of(s_matrix, [2, 2], 1, IntegerRange.Int8);

        Assert.Equal([1f / 127, 10f / 127], weights.Scales);
        Assert.Equal([127, -127, 64, 64], weights.Values); // 63.5 is rounded to the even 64
    }

    [Fact]
    public void Each_row_has_its_scale() => Assert.Equal([10f / 127, 5f / 127], ChannelWeights.Of(s_matrix, [2, 2], 0, IntegerRange.Int8).Scales);

    [Fact]
    public void One_scale_serves_all()
    {
        var weights = ChannelWeights.Of(s_matrix, [2, 2], null, IntegerRange.Int8);

        Assert.Equal([10f / 127], weights.Scales);
        Assert.Equal([13, -127, 6, 64], weights.Values); // 12.7, −127, 6.35, 63.5
    }

    [Fact]
    public void Seven_bits_end_at_64() => Assert.Equal([64, -64, 32, 32], ChannelWeights.Of(s_matrix, [2, 2], 1, IntegerRange.Reduced).Values);

    [Fact]
    public void The_channels_of_a_kernel_are_its_first_axis()
    {
        var weights = ChannelWeights.Of([1, 2, 3, 4, 50, 60, 70, 80], [2, 1, 2, 2], 0, IntegerRange.Int8);

        Assert.Equal([4f / 127, 80f / 127], weights.Scales);
        Assert.Equal([127, 127], [weights.Values[3], weights.Values[7]]);
    }

    [Fact]
    public void A_channel_of_zeros_stays_0() => Assert.Equal([0, 127], ChannelWeights.Of([0, 3], [1, 2], 1, IntegerRange.Int8).Values);
}
