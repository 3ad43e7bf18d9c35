using Decant.Compression.Quantization;
using Decant.Compression.Quantization.Agreement;
using Decant.Compression.Quantization.Calibrating;
using Decant.Compression.Quantization.Graphs;
using Decant.Compression.Quantization.Numbers;
using Decant.Export.Onnx.Format;
using Decant.Tests.Compression.Quantization.Numbers;

namespace Decant.Tests.Compression.Quantization;

public class BlockIntTests
{
    [Theory]
    [InlineData(2, 64, 32, true)]
    [InlineData(2, 64, 32, false)]
    [InlineData(4, 64, 32, true)]
    [InlineData(4, 64, 32, false)]
    [InlineData(4, 50, 32, true)]
    [InlineData(4, 50, 16, false)]
    [InlineData(4, 20, 32, false)]
    [InlineData(8, 64, 32, true)]
    [InlineData(8, 50, 32, false)]
    [InlineData(8, 300, 128, false)]
    public void The_product_is_that_of_the_dequantized_weights_whatever_the_width(int bits, int inputs, int block, bool symmetric)
    {
        var graph = new GraphBuilder();
        var model = graph.Model(graph.Node("Gemm", "y", [graph.Floats("x", -1, inputs), graph.Weight("w", inputs, 24), graph.Weight("b", 24)]), -1, 24);
        var weights = OnnxTensor.Floats(model.Graph.Initializer[0]);
        var x = GraphBuilder.Normal(1, 3, inputs);

        var quantized = OnnxQuantizer.Quantize(model, new BlockInt { Bits = bits, BlockSize = block, Symmetric = symmetric, AccuracyLevel = 0 }).Model;

        var format = new BlockFormat(bits, block, symmetric);
        var rows = Matrices.Transpose<float>(weights, inputs, 24);
        var back = DequantizedBlocks.Of(BlockWeights.Of(rows, inputs, format, fillLastBlock: true), inputs, format, filled: true);
        var bias = OnnxTensor.Floats(model.Graph.Initializer[1]);
        using var session = ModelSession.Open(quantized);
        var y = session.Run(new Dictionary<string, Decant.Export.Onnx.Running.OnnxArray> { ["x"] = x })["y"].Floats;
        for (var i = 0; i < y.Length; i++)
        {
            var sum = (double)bias[i % 24];
            for (var k = 0; k < inputs; k++)
                sum += x.Floats[(i / 24 * inputs) + k] * (double)back[(i % 24 * inputs) + k];
            Assert.Equal(sum, y[i], 1e-3);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void Integer_activations_move_the_product_little(int bits)
    {
        var samples = GraphBuilder.Samples(6, 2, 5, 64);
        using var exact = ModelSession.Open(OnnxQuantizer.Quantize(GraphBuilder.TwoLayers(), new BlockInt { Bits = bits, AccuracyLevel = 0 }, samples).Model);
        using var rounded = ModelSession.Open(OnnxQuantizer.Quantize(GraphBuilder.TwoLayers(), new BlockInt { Bits = bits, AccuracyLevel = 4 }, samples).Model);

        Assert.InRange(OnnxAgreement.Measure(exact, rounded, samples).CosineMedian, 0.9995, 1);
    }

    [Theory]
    [InlineData(4, true, 24)]
    [InlineData(4, false, 24)]
    [InlineData(4, false, 64)]
    [InlineData(8, true, 24)]
    [InlineData(8, false, 25)]
    public void Embeddings_in_blocks_are_the_dequantized_rows(int bits, bool symmetric, int width)
    {
        var model = EmbeddingGraphs.Model(2000, width);
        var options = new BlockInt { EmbeddingBits = bits, BlockSize = 16, Symmetric = symmetric };

        var quantized = OnnxQuantizer.Quantize(model, options, EmbeddingGraphs.Samples());

        var format = new BlockFormat(bits, 16, symmetric);
        var back = DequantizedBlocks.Of(BlockWeights.Of(OnnxTensor.Floats(model.Graph.Initializer[0]), width, format, fillLastBlock: false), width, format, filled: false);
        using var session = ModelSession.Open(quantized.Model);
        foreach (var sample in EmbeddingGraphs.Samples())
        {
            var ids = (long[])sample["x"].Values;
            var y = session.Run(sample)["y"].Floats;
            for (var i = 0; i < y.Length; i++)
                Assert.Equal(back[((int)ids[i / width] * width) + (i % width)], y[i], 1e-6f);
        }
    }

    [Fact]
    public void Rows_of_half_a_byte_stay_float32_and_the_report_says_why()
    {
        var report = OnnxQuantizer.Quantize(EmbeddingGraphs.WithHead(2000, 25), new BlockInt()).Report;

        Assert.Contains("do not fill whole bytes", report.Layers[0].What);
        Assert.True(report.Layers[1].Changed);
    }

    [Theory]
    [InlineData(4, null, true, 0.17)]
    [InlineData(4, null, false, 0.18)]
    [InlineData(8, null, false, 0.31)]
    [InlineData(4, 8, false, 0.5)] // in two forms
    public void A_tied_head_is_stored_with_the_table(int bits, int? embeddingBits, bool symmetric, double ratio)
    {
        var model = EmbeddingGraphs.Tied(1000, 64);

        var quantized = OnnxQuantizer.Quantize(model, new BlockInt { Bits = bits, EmbeddingBits = embeddingBits, Symmetric = symmetric }, EmbeddingGraphs.Samples());

        Assert.InRange(quantized.Report.Ratio, ratio * 0.8, ratio);
        Assert.Equal(["GatherBlockQuantized", "MatMulNBits"], OptimizedGraph.Operators(quantized.Model));
        using var floats = ModelSession.Open(model);
        using var blocks = ModelSession.Open(quantized.Model);
        Assert.InRange(OnnxAgreement.Measure(floats, blocks, EmbeddingGraphs.Samples()).CosineMedian, 0.98, 1);
    }

    [Fact]
    public void Embeddings_have_the_bits_of_the_weights_but_at_least_4()
    {
        Assert.Contains("4-bit table", Table(new BlockInt { Bits = 2 }));
        Assert.Contains("4-bit table", Table(new BlockInt()));
        Assert.Contains("8-bit table", Table(new BlockInt { Bits = 8 }));
        Assert.Contains("left as they are", Table(new BlockInt { EmbeddingBits = 32 }));
        static string Table(BlockInt options) => OnnxQuantizer.Quantize(EmbeddingGraphs.WithHead(2000, 32), options).Report.Layers[0].What;
    }

    [Fact]
    public void Convolutions_and_lstms_stay_float32() =>
        Assert.Contains("static int8", OnnxQuantizer.Quantize(ConvolutionGraphs.OverTime(), new BlockInt()).Report.Layers[0].What);
}
