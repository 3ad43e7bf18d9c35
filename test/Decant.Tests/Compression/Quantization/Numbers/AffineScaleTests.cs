using Decant.Compression.Quantization.Numbers;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Compression.Quantization.Numbers;

public class AffineScaleTests
{
    [Fact]
    public void An_asymmetric_scale_covers_the_interval_in_255_steps()
    {
        var scale = AffineScale.Asymmetric(-1, 3, IntegerRange.UInt8);

        Assert.Equal(4f / 255, scale.Scale);
        Assert.Equal(64, scale.ZeroPoint); // 1 / (4 / 255) = 63.75
        Assert.Equal((0, 64, 255), (scale.Quantize(-1.2f), scale.Quantize(0), scale.Quantize(3)));
        Assert.Equal(0, scale.Dequantize(64));
    }

    [Fact]
    public void An_interval_beside_0_is_widened_to_it()
    {
        Assert.Equal(new AffineScale(5f / 255, 0, IntegerRange.UInt8), AffineScale.Asymmetric(2, 5, IntegerRange.UInt8));
        Assert.Equal(new AffineScale(5f / 255, 255, IntegerRange.UInt8), AffineScale.Asymmetric(-5, -2, IntegerRange.UInt8));
    }

    [Fact]
    public void A_symmetric_scale_has_the_middle_for_0()
    {
        Assert.Equal(new AffineScale(1, 0, IntegerRange.Int8), AffineScale.Symmetric(127, IntegerRange.Int8));
        Assert.Equal(new AffineScale(1, 0, IntegerRange.Reduced), AffineScale.Symmetric(64, IntegerRange.Reduced));
        Assert.Equal(new AffineScale(1, 128, IntegerRange.UInt8), AffineScale.Symmetric(127, IntegerRange.UInt8));
    }

    [Theory]
    [InlineData(0.5f, 0)]
    [InlineData(1.5f, 2)]
    [InlineData(2.5f, 2)]
    [InlineData(-0.5f, 0)]
    [InlineData(-1.5f, -2)]
    [InlineData(200f, 127)]
    [InlineData(-200f, -127)]
    public void Numbers_are_rounded_half_to_even_and_cut_at_the_ends(float value, int integer) =>
        Assert.Equal(integer, AffineScale.Symmetric(127, IntegerRange.Int8).Quantize(value));

    [Theory]
    [InlineData(0f)]
    [InlineData(1e-42f)]
    public void Where_all_is_0_or_nearly_the_scale_is_1(float largest)
    {
        Assert.Equal(1, AffineScale.Symmetric(largest, IntegerRange.Int8).Scale);
        Assert.Equal(1, AffineScale.Asymmetric(-largest, largest, IntegerRange.UInt8).Scale);
    }

    [Fact]
    public void What_is_in_the_range_comes_back_within_half_a_step() => Prop.ForAll(
        Gen.Choose(-1_000_000, 1_000_000).Three().ToArbitrary(),
        numbers =>
        {
            var (a, b, c) = (numbers.Item1 / 1000f, numbers.Item2 / 1000f, numbers.Item3 / 1000f);
            float[] sorted = [.. new[] { a, b, c }.Order()];
            var scale = AffineScale.Asymmetric(sorted[0], sorted[2], IntegerRange.UInt8);
            var back = scale.Dequantize(scale.Quantize(sorted[1]));
            Assert.Equal(0, scale.Dequantize(scale.Quantize(0)));
            Assert.True(Math.Abs(back - sorted[1]) <= scale.Scale * 1.001f, $"{sorted[1]} became {back} in [{sorted[0]}, {sorted[2]}]"); // at the ends, the zero point's rounding adds to it
            var symmetric = AffineScale.Symmetric(Math.Max(Math.Abs(sorted[0]), Math.Abs(sorted[2])), IntegerRange.Int8);
            Assert.True(Math.Abs(symmetric.Dequantize(symmetric.Quantize(sorted[1])) - sorted[1]) <= symmetric.Scale * 0.5001f);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Integers_come_back_as_themselves() => Prop.ForAll(
        Gen.Choose(1, 1_000_000).Zip(Gen.Choose(0, 255)).ToArbitrary(),
        pair =>
        {
            var scale = AffineScale.Asymmetric(-pair.Item1 / 3e4f, pair.Item1 / 1e4f, IntegerRange.UInt8);
            Assert.Equal(pair.Item2, scale.Quantize(scale.Dequantize(pair.Item2)));
        }).QuickCheckThrowOnFailure();
}
