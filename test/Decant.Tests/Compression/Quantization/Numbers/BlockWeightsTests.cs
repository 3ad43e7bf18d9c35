using Decant.Compression.Quantization.Numbers;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Compression.Quantization.Numbers;

public class BlockWeightsTests
{
    [Fact]
    public void Symmetric_4_bit_weights_reach_the_largest_exactly_at_integer_0()
    {
        var blocks = BlockWeights.Of([8, -4, 0, 1], 4, new BlockFormat(4, 4, Symmetric: true), fillLastBlock: true);

        Assert.Equal([-1f], blocks.Scales); // 8 is (0 − 8) · −1
        Assert.Null(blocks.ZeroPoints);
        Assert.Equal([0xC0, 0x78], blocks.Packed); // 0, 12 and 8, 7: the first integer in the low half
    }

    [Fact]
    public void Asymmetric_weights_have_a_zero_point()
    {
        var blocks = BlockWeights.Of([-5, 10, 0, 4], 4, new BlockFormat(4, 4, Symmetric: false), fillLastBlock: true);

        Assert.Equal([1f], blocks.Scales);
        Assert.Equal([5], blocks.ZeroPoints!);
        Assert.Equal([0xF0, 0x95], blocks.Packed);
    }

    [Fact]
    public void A_last_block_is_filled_up_with_its_zero()
    {
        var format = new BlockFormat(4, 4, Symmetric: true);
        var filled = BlockWeights.Of([-8, 1, 2, 3, -8, 7], 6, format, fillLastBlock: true);
        var cut = BlockWeights.Of([-8, 1, 2, 3, -8, 7], 6, format, fillLastBlock: false);

        Assert.Equal([0x90, 0xBA, 0xF0, 0x88], filled.Packed);
        Assert.Equal([0x90, 0xBA, 0xF0], cut.Packed);
    }

    [Fact]
    public void Zero_points_of_a_row_begin_on_a_byte()
    {
        var blocks = BlockWeights.Of([-5, 10, -10, 5, -15, 0, 0, 15, -5, 10, -10, 5], 6, new BlockFormat(4, 2, Symmetric: false), fillLastBlock: true);

        Assert.Equal([0xA5, 0x0F, 0x50, 0x0A], blocks.ZeroPoints!); // rows 5, 10, 15 and 0, 5, 10
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Every_weight_comes_back_within_a_step(int bits) => Prop.ForAll(
        Gen.Choose(-10_000, 10_000).ArrayOf(70).Zip(Gen.Elements(true, false)).ToArbitrary(),
        drawn =>
        {
            var format = new BlockFormat(bits, 32, drawn.Item2);
            var values = Array.ConvertAll(drawn.Item1, v => v / 1000f);
            var back = DequantizedBlocks.Of(BlockWeights.Of(values, 35, format, fillLastBlock: true), 35, format, filled: true);
            for (var i = 0; i < values.Length; i++)
            {
                var block = values.AsSpan((i / 35 * 35) + (i % 35 / 32 * 32), i % 35 < 32 ? 32 : 3);
                Assert.InRange(back[i], values[i] - (Math.Abs(format.ScaleOf(block).Scale) * 1.01f), values[i] + (Math.Abs(format.ScaleOf(block).Scale) * 1.01f));
            }
        }).QuickCheckThrowOnFailure();
}
