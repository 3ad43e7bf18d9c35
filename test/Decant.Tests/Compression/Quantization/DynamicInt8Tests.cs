using Decant.Compression.Quantization;
using Decant.Compression.Quantization.Agreement;
using Decant.Compression.Quantization.Calibrating;
using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Running;

namespace Decant.Tests.Compression.Quantization;

public class DynamicInt8Tests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Products_run_as_one_integer_operator_with_their_bias(bool rows)
    {
        var quantized = OnnxQuantizer.Quantize(GraphBuilder.TwoLayers(rows: rows), new DynamicInt8());

        Assert.Equal(["DynamicQuantizeMatMul", "Relu", "DynamicQuantizeMatMul"], OptimizedGraph.Operators(quantized.Model));
    }

    [Fact]
    public void An_input_of_several_layers_is_rounded_once()
    {
        var graph = new GraphBuilder();
        var x = graph.Floats("x", -1, -1, 64);
        var model = graph.Model(graph.Node("Add", "y", [graph.Node("MatMul", [x, graph.Weight("q", 64, 64)]), graph.Node("MatMul", [x, graph.Weight("k", 64, 64)])]), -1, -1, 64);

        var operators = OptimizedGraph.Operators(OnnxQuantizer.Quantize(model, new DynamicInt8()).Model);

        Assert.Single(operators, o => o == "DynamicQuantizeLinear");
        Assert.Equal(2, operators.Count(o => o == "MatMulIntegerToFloat"));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Integer_kernels_agree_with_the_pattern_run_node_by_node(bool perChannel, bool reduce)
    {
        var samples = GraphBuilder.Samples(8, 2, 5, 64);
        var quantized = OnnxQuantizer.Quantize(GraphBuilder.TwoLayers(), new DynamicInt8 { PerChannel = perChannel, ReduceRange = reduce }, samples).Model;
        using var integers = ModelSession.Open(quantized);
        using var simulated = ModelSession.Open(quantized, new OnnxSessionSettings { Optimization = 0 });

        var largest = samples.Max(s => simulated.Run(s)["y"].Floats.Max(Math.Abs));
        Assert.InRange(OnnxAgreement.Measure(simulated, integers, samples).LargestDifference, 0, largest * 0.02);
    }

    [Fact]
    public void The_product_is_that_of_the_integers()
    {
        var graph = new GraphBuilder();
        var model = graph.Model(graph.Node("MatMul", "y", [graph.Floats("x", -1, 2), graph.Weight("w", [1, -10, 0.5f, 5], 2, 2)]), -1, 2);
        var sample = new Dictionary<string, OnnxArray> { ["x"] = new(new float[] { -1, 3 }, 1, 2) };

        using var session = ModelSession.Open(OnnxQuantizer.Quantize(model, new DynamicInt8 { ReduceRange = false }).Model);

        // As in the static case: −64 and 191 steps of 4/255; columns (127, 64) and (−127, 64).
        var y = session.Run(sample)["y"].Floats;
        Assert.Equal(((-64 * 127) + (191 * 64)) * (4f / 255 / 127), y[0], 4);
        Assert.Equal(((-64 * -127) + (191 * 64)) * (4f / 255 * 10 / 127), y[1], 4);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(2, false)]
    public void An_lstm_runs_with_integer_weights(int directions, bool perChannel)
    {
        var model = Lstm(directions);
        var samples = GraphBuilder.Samples(6, 7, 3, 24);

        var quantized = OnnxQuantizer.Quantize(model, new DynamicInt8 { PerChannel = perChannel }, samples);

        Assert.Equal(["DynamicQuantizeLSTM"], OptimizedGraph.Operators(quantized.Model));
        using var floats = ModelSession.Open(model);
        using var integers = ModelSession.Open(quantized.Model);
        var agreement = OnnxAgreement.Measure(floats, integers, samples);
        Assert.InRange(agreement.LargestDifference, 1e-4, 0.15); // of outputs from −1 to 1, after 7 steps with weights that are not trained
        Assert.InRange(agreement.CosineMedian, 0.998, 1);
        Assert.InRange(quantized.Report.Ratio, 0.2, 0.35);
    }

    [Theory]
    [InlineData(true, 0, 0.02)]
    [InlineData(false, 0.05, 1)]
    public void Units_of_small_weights_need_a_scale_of_their_own(bool perChannel, double least, double most)
    {
        var model = Lstm(1);
        foreach (var (index, width) in new[] { (0, 24), (1, 32) })
        {
            var constant = model.Graph.Initializer[index];
            var values = OnnxTensor.Floats(constant);
            for (var i = 0; i < values.Length; i++)
                values[i] *= i / width % 2 == 0 ? 10 : 0.02f; // every second unit
            model.Graph.Initializer[index] = OnnxTensor.Of(constant.Name, values, [.. constant.Dims]);
        }

        var samples = GraphBuilder.Samples(4, 1, 3, 24);
        using var floats = ModelSession.Open(model);
        using var integers = ModelSession.Open(OnnxQuantizer.Quantize(model, new DynamicInt8 { PerChannel = perChannel }).Model);
        var difference = samples.Max(s => floats.Run(s)["y"].Floats.Zip(integers.Run(s)["y"].Floats, (a, b) => Math.Abs(a - b)).Where((_, unit) => unit % 2 == 1).Max());

        Assert.InRange(difference, least, most);
    }

    [Fact]
    public void A_tied_head_is_stored_with_the_table()
    {
        var model = EmbeddingGraphs.Tied(1000, 32);
        foreach (QuantizationOptions form in new QuantizationOptions[] { new DynamicInt8 { ReduceRange = false }, new StaticInt8 { ReduceRange = false } })
        {
            var quantized = OnnxQuantizer.Quantize(model, form, EmbeddingGraphs.Samples());

            Assert.InRange(quantized.Report.Ratio, 0.25, 0.31); // 8 bits of 32, scales and zero points
            using var floats = ModelSession.Open(model);
            using var integers = ModelSession.Open(quantized.Model);
            Assert.InRange(OnnxAgreement.Measure(floats, integers, EmbeddingGraphs.Samples()).CosineMedian, 0.999, 1);
            Assert.DoesNotContain("Transpose", OptimizedGraph.Operators(quantized.Model));
        }
    }

    [Fact]
    public void Static_int8_gives_an_lstm_the_same_operator()
    {
        var samples = GraphBuilder.Samples(6, 7, 3, 24);

        var graph = new GraphBuilder();
        var lstm = graph.Node("LSTM", [graph.Floats("x", -1, -1, 24), graph.Weight("W", 1, 128, 24), graph.Weight("R", 1, 128, 32)], OnnxNode.Attribute("hidden_size", 32L));
        var model = graph.Model(graph.Node("MatMul", "y", [lstm, graph.Weight("head", 32, 8)]), -1, 1, -1, 8);

        Assert.Equal(["DynamicQuantizeLSTM", "QuantizeLinear", "MatMulIntegerToFloat"], OptimizedGraph.Operators(OnnxQuantizer.Quantize(model, new StaticInt8(), samples).Model));
    }

    [Fact]
    public void Convolutions_stay_float32_and_the_report_says_why()
    {
        var report = OnnxQuantizer.Quantize(ConvolutionGraphs.OverTime(), new DynamicInt8()).Report;

        Assert.Equal([false, true], report.Layers.Select(l => l.Changed));
        Assert.Contains("static int8", report.Layers[0].What);
    }

    [Fact]
    public void An_answer_depends_a_little_on_its_batch_and_the_drift_says_how_much()
    {
        var batch = GraphBuilder.Normal(3, 4, 5, 64);
        batch.Floats[^1] = 40; // one sample with an outlier makes the steps of all others coarse
        var inputs = new Dictionary<string, OnnxArray> { ["x"] = batch };
        using var floats = ModelSession.Open(GraphBuilder.TwoLayers());
        using var dynamic = ModelSession.Open(OnnxQuantizer.Quantize(GraphBuilder.TwoLayers(), new DynamicInt8()).Model);

        Assert.InRange(BatchDrift.Measure(floats, inputs).LargestDifference, 0, 1e-3);
        var drift = BatchDrift.Measure(dynamic, inputs);
        Assert.InRange(drift.LargestDifference, 0.1, 10);
        Assert.Equal(20, drift.Rows);
    }

    [Fact]
    public void Embeddings_are_looked_up_as_int8_rows()
    {
        var model = EmbeddingGraphs.Model(2000, 24);
        var quantized = OnnxQuantizer.Quantize(model, new DynamicInt8(), EmbeddingGraphs.Samples());

        Assert.InRange(quantized.Report.Ratio, 0.25, 0.32);
        using var floats = ModelSession.Open(model);
        using var integers = ModelSession.Open(quantized.Model);
        Assert.InRange(OnnxAgreement.Measure(floats, integers, EmbeddingGraphs.Samples()).LargestDifference, 1e-6, 0.5f / 127 * 1.01);
    }

    [Fact]
    public void Embeddings_stay_float32_where_asked_and_where_they_are_small()
    {
        var small = OnnxQuantizer.Quantize(EmbeddingGraphs.WithHead(100, 24), new DynamicInt8()).Report;
        var asked = OnnxQuantizer.Quantize(EmbeddingGraphs.WithHead(2000, 24), new DynamicInt8 { Embeddings = false }).Report;

        Assert.Contains("16,384", small.Layers[0].What);
        Assert.Contains("left as they are", asked.Layers[0].What);
    }

    private static ModelProto Lstm(int directions)
    {
        var graph = new GraphBuilder();
        var direction = OnnxNode.Attribute("direction", directions == 2 ? "bidirectional" : "forward");
        var inputs = new[] { graph.Floats("x", -1, -1, 24), graph.Weight("W", directions, 128, 24), graph.Weight("R", directions, 128, 32), graph.Weight("B", directions, 256) };
        return graph.Model(graph.Node("LSTM", "y", inputs, OnnxNode.Attribute("hidden_size", 32L), direction), -1, directions, -1, 32);
    }
}
