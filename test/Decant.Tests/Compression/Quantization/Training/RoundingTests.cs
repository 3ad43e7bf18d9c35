using Decant.Compression.Quantization.Numbers;
using Decant.Compression.Quantization.Training;
using Decant.Modules;
using Decant.Tests.Compression.Quantization.Numbers;
using Decant.Torch;

namespace Decant.Tests.Compression.Quantization.Training;

/// <summary>What a layer computes with while it learns is, to the last bit, what the exporter's integers and scales stand for.</summary>
public class RoundingTests
{
    public static TheoryData<int, int, bool, int> Formats
    {
        get
        {
            var all = new TheoryData<int, int, bool, int>();
            foreach (var bits in new[] { 2, 4, 8 })
                foreach (var size in new[] { 16, 32 })
                    foreach (var symmetric in new[] { true, false })
                        foreach (var width in new[] { 16, 40, 96 })
                            all.Add(bits, size, symmetric, width);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Blocks_are_those_of_the_file(int bits, int size, bool symmetric, int width)
    {
        using var scope = TensorScope.Open();
        var format = new BlockFormat(bits, size, symmetric);
        foreach (var rows in Matrices(width))
        {
            var values = rows.ToArray<float>();
            var expected = DequantizedBlocks.Of(BlockWeights.Of(values, width, format, fillLastBlock: true), width, format, filled: true);
            Assert.Equal(Bits(expected), Bits(new BlockRounding(format).Weight(rows).ToArray<float>()));
            var turned = new BlockRounding(format, transposed: true).Weight(rows.Transpose(0, 1));
            Assert.Equal(Bits(expected), Bits(turned.Transpose(0, 1).Reshape(-1).ToArray<float>()));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Channels_are_those_of_the_file(bool perChannel)
    {
        using var scope = TensorScope.Open();
        foreach (var range in new[] { IntegerRange.Int8, IntegerRange.Reduced })
        {
            foreach (var rows in Matrices(40))
            {
                var values = rows.ToArray<float>();
                var channels = ChannelWeights.Of(values, rows.Shape, perChannel ? 0 : null, range);
                var expected = values.Select((_, i) => channels.Values[i] * channels.Scales[perChannel ? i / 40 : 0]).ToArray();
                Assert.Equal(Bits(expected), Bits(new ChannelRounding(perChannel ? [1] : null, range).Weight(rows).ToArray<float>()));
            }
        }
    }

    [Fact]
    public void Inputs_are_rounded_as_DynamicQuantizeLinear_does()
    {
        using var scope = TensorScope.Open();
        // From the standard's own example: scale 0.0196078438, zero point 153.
        var input = Tensor.From([0f, 2, -3, -2.5f, 1.34f, 0.5f], 1, 6);
        var came = new ChannelRounding([1], IntegerRange.Int8, roundsInput: true).Input(input).ToArray<float>();
        Assert.Equal(new[] { 153, 255, 0, 26, 221, 179 }.Select(q => (q - 153) * 0.0196078438f), came, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Gradients_pass_straight_through()
    {
        using var scope = TensorScope.Open();
        var layer = new Linear(32, 4) { Rounding = new BlockRounding(new BlockFormat(2, 16, Symmetric: false)) };
        using var generator = new Generator(2);
        var input = Initialise.Normal([3, 32], 1, generator);
        var wanted = Initialise.Normal([3, 4], 1, generator);
        layer.Forward(input).Mul(wanted).Sum().Backward();
        Assert.Equal(wanted.Transpose(0, 1).MatMul(input).ToArray<float>(), layer.Weight.Grad!.ToArray<float>(), (a, b) => Math.Abs(a - b) < 1e-5);
        layer.Dispose();
    }

    private static IEnumerable<Tensor> Matrices(int width)
    {
        using var generator = new Generator((ulong)width);
        foreach (var deviation in new[] { 1e-3, 0.02, 1, 300 })
            yield return Initialise.Normal([7, width], deviation, generator);
        yield return Initialise.Normal([7, width], 0.1, generator).Abs();        // one-sided
        yield return Initialise.Normal([7, width], 0.1, generator).Mul(0);       // nothing at all
        yield return Initialise.Normal([7, width], 1, generator).Mul(1e-41);     // below the normal numbers
        yield return Initialise.Normal([7, width], 1, generator).Mul(4).Round().Div(4); // ties
    }

    // −0 and 0 are one number.
    private static uint[] Bits(float[] values) => [.. values.Select(v => BitConverter.SingleToUInt32Bits(v == 0 ? 0 : v))];
}
