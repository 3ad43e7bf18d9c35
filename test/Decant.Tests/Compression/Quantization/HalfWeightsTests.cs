using Decant.Compression.Quantization;
using Decant.Compression.Quantization.Agreement;
using Decant.Compression.Quantization.Calibrating;
using Decant.Export.Onnx.Format;

namespace Decant.Tests.Compression.Quantization;

public class HalfWeightsTests
{
    [Theory]
    [InlineData(HalfFormat.Float16, 1e-3)]
    [InlineData(HalfFormat.BFloat16, 1e-2)]
    public void Weights_take_half_the_bytes_and_are_computed_in_float32(HalfFormat format, double tolerance)
    {
        var model = GraphBuilder.TwoLayers();
        var samples = GraphBuilder.Samples(4, 2, 5, 64);

        var quantized = OnnxQuantizer.Quantize(model, new HalfWeights { Format = format }, samples);

        Assert.InRange(quantized.Report.Ratio, 0.49, 0.55);
        Assert.Contains("computed in float32", quantized.Report.Notes[0]);
        using var floats = ModelSession.Open(model);
        using var halves = ModelSession.Open(quantized.Model);
        var largest = samples.Max(s => floats.Run(s)["y"].Floats.Max(Math.Abs));
        Assert.InRange(OnnxAgreement.Measure(floats, halves, samples).LargestDifference, 1e-7, largest * tolerance);
    }

    [Fact]
    public void Bfloat16_is_the_upper_half_rounded_half_to_even()
    {
        var graph = new GraphBuilder();
        float[] values = [1f, BitConverter.UInt32BitsToSingle(0x3F808000), BitConverter.UInt32BitsToSingle(0x3F818000), -2f, .. new float[252]];
        var model = graph.Model(graph.Node("MatMul", "y", [graph.Floats("x", -1, 256), graph.Weight("w", values, 256, 1)]), -1, 1);

        var stored = OnnxQuantizer.Quantize(model, new HalfWeights { Format = HalfFormat.BFloat16 }).Model.Graph.Initializer[0];

        Assert.Equal([0x80, 0x3F, 0x80, 0x3F, 0x82, 0x3F, 0x00, 0xC0], stored.RawData.ToByteArray()[..8]);
    }

    [Fact]
    public void What_float16_cannot_hold_stays_float32_by_name()
    {
        var model = GraphBuilder.TwoLayers();
        var values = OnnxTensor.Floats(model.Graph.Initializer[0]);
        values[5] = 70_000;
        model.Graph.Initializer[0] = OnnxTensor.Of("first.weight", values, 64, 96);

        var halves = OnnxQuantizer.Quantize(model, new HalfWeights());
        var bfloats = OnnxQuantizer.Quantize(model, new HalfWeights { Format = HalfFormat.BFloat16 });

        Assert.Contains("65,504", halves.Report.Layers.Single(l => l.Name == "first.weight").What);
        Assert.All(bfloats.Report.Layers, l => Assert.True(l.Changed));
    }

    [Fact]
    public void A_layer_can_be_left_out()
    {
        var report = OnnxQuantizer.Quantize(GraphBuilder.TwoLayers(), new HalfWeights { Exclude = ["first*"] }).Report;

        Assert.Equal("float32: left out by name", report.Layers.Single(l => l.Name == "first.weight").What);
        Assert.True(report.Layers.Single(l => l.Name == "second.weight").Changed);
    }
}
