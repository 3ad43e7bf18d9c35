using Decant.Compression.Quantization;
using Decant.Compression.Quantization.Agreement;
using Decant.Compression.Quantization.Calibrating;
using Decant.Compression.Quantization.Numbers;
using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Running;

namespace Decant.Tests.Compression.Quantization;

public class StaticInt8Tests
{
    [Fact]
    public void Products_over_three_axes_run_as_integers()
    {
        var quantized = OnnxQuantizer.Quantize(GraphBuilder.TwoLayers(), new StaticInt8(), GraphBuilder.Samples(8, 2, 5, 64));

        var operators = OptimizedGraph.Operators(quantized.Model);
        Assert.Equal(2, operators.Count(o => o == "MatMulIntegerToFloat"));
        Assert.DoesNotContain("MatMul", operators);
        Assert.DoesNotContain("DequantizeLinear", operators);
        Assert.All(quantized.Report.Layers, l => Assert.True(l.Changed));
    }

    [Fact]
    public void A_product_of_matrices_with_a_bias_runs_as_an_integer_gemm()
    {
        var quantized = OnnxQuantizer.Quantize(GraphBuilder.TwoLayers(rows: true), new StaticInt8(), GraphBuilder.Samples(8, 5, 64));

        var operators = OptimizedGraph.Operators(quantized.Model);
        Assert.Contains("QGemm", operators);
        Assert.DoesNotContain(operators, o => o is "MatMul" or "Gemm" or "DequantizeLinear");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_gemm_runs_as_an_integer_gemm(int transposed)
    {
        var graph = new GraphBuilder();
        var weight = transposed == 1 ? graph.Weight("w", 32, 64) : graph.Weight("w", 64, 32);
        var model = graph.Model(graph.Node("Gemm", "y", [graph.Floats("x", -1, 64), weight, graph.Weight("b", 32)], OnnxNode.Attribute("transB", (long)transposed), OnnxNode.Attribute("alpha", 0.5f)), -1, 32);

        var samples = GraphBuilder.Samples(8, 5, 64);
        var quantized = OnnxQuantizer.Quantize(model, new StaticInt8(), samples);

        Assert.Equal(["QuantizeLinear", "QGemm"], OptimizedGraph.Operators(quantized.Model));
        Close(model, quantized.Model, samples, 0.15);
    }

    [Fact]
    public void Convolutions_pooling_and_residuals_stay_integers()
    {
        var model = ConvolutionGraphs.Residual();
        var samples = GraphBuilder.Samples(8, 1, 3, 16, 16);

        var quantized = OnnxQuantizer.Quantize(model, new StaticInt8(), samples);

        var operators = OptimizedGraph.Operators(quantized.Model);
        Assert.Equal(3, operators.Count(o => o == "QLinearConv"));
        Assert.Contains("QLinearAdd", operators);
        Assert.Contains("QLinearGlobalAveragePool", operators);
        Assert.Contains("QGemm", operators);
        Assert.DoesNotContain(operators, o => o is "Conv" or "Relu" or "FusedConv" or "Gemm");
        Close(model, quantized.Model, samples, 0.1);
    }

    [Fact]
    public void Convolutions_over_one_axis_run_as_integers()
    {
        var model = ConvolutionGraphs.OverTime();

        var quantized = OnnxQuantizer.Quantize(model, new StaticInt8(), GraphBuilder.Samples(8, 2, 12, 20));

        Assert.Contains("QLinearConv", OptimizedGraph.Operators(quantized.Model));
        Close(model, quantized.Model, GraphBuilder.Samples(8, 2, 12, 20), 0.1);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void Integer_kernels_agree_with_the_graph_computed_in_float32(bool perChannel, bool reduce)
    {
        var options = new StaticInt8 { PerChannel = perChannel, ReduceRange = reduce };
        foreach (var (model, shape) in new (ModelProto, long[])[] { (GraphBuilder.TwoLayers(), [2, 5, 64]), (GraphBuilder.TwoLayers(rows: true), [9, 64]), (ConvolutionGraphs.Residual(), [1, 3, 16, 16]) })
        {
            var samples = GraphBuilder.Samples(8, shape);
            var quantized = OnnxQuantizer.Quantize(model, options, samples).Model;
            using var integers = ModelSession.Open(quantized);
            using var simulated = ModelSession.Open(quantized, new OnnxSessionSettings { Optimization = 0 });

            var largest = samples.Max(s => simulated.Run(s)["y"].Floats.Max(Math.Abs));
            // A rounding that falls to the other side moves an activation by a step, 1/255 of its range.
            Assert.InRange(OnnxAgreement.Measure(simulated, integers, samples).LargestDifference, 0, largest * 0.02);
        }
    }

    [Fact]
    public void The_file_holds_the_integers_that_the_arithmetic_gives()
    {
        var graph = new GraphBuilder();
        var model = graph.Model(graph.Node("Gemm", "y", [graph.Floats("x", -1, 2), graph.Weight("w", [1, -10, 0.5f, 5], 2, 2), graph.Weight("b", [0.25f, -1], 2)]), -1, 2);
        IReadOnlyDictionary<string, OnnxArray>[] samples = [new Dictionary<string, OnnxArray> { ["x"] = new(new float[] { -1, 3 }, 1, 2) }];

        var quantized = OnnxQuantizer.Quantize(model, new StaticInt8 { ReduceRange = false }, samples).Model;

        var constants = quantized.Graph.Initializer.ToDictionary(t => t.Name);
        Assert.Equal([127, 129, 64, 64], constants["w_int8"].RawData.ToByteArray()); // 127, −127, 63.5 → 64, 63.5 → 64
        Assert.Equal([1f / 127, 10f / 127], OnnxTensor.Floats(constants["w_scale"]));
        Assert.Equal([4f / 255], OnnxTensor.Floats(constants["x_scale"]));
        Assert.Equal([64], constants["x_zero"].RawData.ToByteArray());
        // 0.25 / (4/255 · 1/127) = 2024.06, −1 / (4/255 · 10/127) = −809.6
        Assert.Equal([2024, -810], System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(constants["b_int32"].RawData.Span).ToArray());

        // x = (−1, 3) → −64 and 191 steps of 4/255; y₁ = (−64 · 127 + 191 · 64 + 2024) steps of 4/255/127.
        using var session = ModelSession.Open(quantized);
        var y = session.Run(samples[0])["y"].Floats;
        Assert.Equal(((-64 * 127) + (191 * 64) + 2024) * (4f / 255 / 127), y[0], 4);
        Assert.Equal(((-64 * -127) + (191 * 64) - 810) * (4f / 255 * 10 / 127), y[1], 4);
    }

    [Fact]
    public void What_else_reads_the_input_of_a_layer_gets_float32()
    {
        var graph = new GraphBuilder();
        var x = graph.Floats("x", -1, -1, 64);
        var model = graph.Model(graph.Node("Add", "y", [x, graph.Node("MatMul", [x, graph.Weight("w", 64, 64)])]), -1, -1, 64);

        var quantized = OnnxQuantizer.Quantize(model, new StaticInt8(), GraphBuilder.Samples(4, 1, 3, 64)).Model;

        Assert.Equal("x", quantized.Graph.Node.Single(n => n.OpType == "Add").Input[0]);
    }

    [Fact]
    public void An_input_of_several_layers_is_rounded_once()
    {
        var graph = new GraphBuilder();
        var x = graph.Floats("x", -1, -1, 64);
        var model = graph.Model(graph.Node("Add", "y", [graph.Node("MatMul", [x, graph.Weight("q", 64, 64)]), graph.Node("MatMul", [x, graph.Weight("k", 64, 64)])]), -1, -1, 64);

        var quantized = OnnxQuantizer.Quantize(model, new StaticInt8(), GraphBuilder.Samples(4, 1, 3, 64)).Model;

        Assert.Single(OptimizedGraph.Operators(quantized), o => o == "QuantizeLinear");
    }

    [Fact]
    public void A_layer_that_is_left_out_stays_and_the_report_says_so()
    {
        var model = GraphBuilder.TwoLayers();

        var quantized = OnnxQuantizer.Quantize(model, new StaticInt8 { Exclude = ["second.*"] }, GraphBuilder.Samples(4, 1, 3, 64));

        Assert.Equal([true, false], quantized.Report.Layers.Select(l => l.Changed));
        Assert.Contains("left out by name", quantized.Report.Layers[1].What);
        Assert.Contains(quantized.Model.Graph.Initializer, t => t.Name == "second.weight");
        Assert.DoesNotContain(quantized.Model.Graph.Initializer, t => t.Name == "first.weight");
    }

    [Fact]
    public void An_answer_does_not_depend_on_its_batch()
    {
        var quantized = OnnxQuantizer.Quantize(GraphBuilder.TwoLayers(), new StaticInt8(), GraphBuilder.Samples(8, 2, 5, 64));
        using var session = ModelSession.Open(quantized.Model);

        Assert.Equal(0, BatchDrift.Measure(session, GraphBuilder.Samples(1, 6, 5, 64)[0]).LargestDifference);
    }

    [Fact]
    public void A_bias_beyond_int32_stays_float32()
    {
        var graph = new GraphBuilder();
        var model = graph.Model(graph.Node("Gemm", "y", [graph.Floats("x", -1, 2), graph.Weight("w", [1e-9f, 1, 1e-9f, 1], 2, 2), graph.Weight("b", [100, 1], 2)]), -1, 2);
        var samples = GraphBuilder.Samples(4, 3, 2);

        var quantized = OnnxQuantizer.Quantize(model, new StaticInt8(), samples).Model;

        using var session = ModelSession.Open(quantized);
        Assert.Equal(100, session.Run(samples[0])["y"].Floats[0], 3);
    }

    [Theory]
    [InlineData(CalibrationMethod.Percentile)]
    [InlineData(CalibrationMethod.Entropy)]
    public void Other_calibrations_cut_outliers(CalibrationMethod method)
    {
        var model = GraphBuilder.TwoLayers();
        List<IReadOnlyDictionary<string, OnnxArray>> samples = [.. GraphBuilder.Samples(20, 2, 50, 64)];
        var outlier = GraphBuilder.Normal(99, 1, 1, 64);
        outlier.Floats[0] = 1000;
        samples.Add(new Dictionary<string, OnnxArray> { ["x"] = outlier });

        var wide = OnnxQuantizer.Quantize(model, new StaticInt8(), samples).Model;
        var narrow = OnnxQuantizer.Quantize(model, new StaticInt8 { Calibration = method, Percentile = 99.9 }, samples).Model;

        Assert.InRange(Scale(narrow), 0, Scale(wide) / 10);
        static float Scale(ModelProto m) => OnnxTensor.Floats(m.Graph.Initializer.Single(t => t.Name == "x_scale"))[0];
    }

    [Fact]
    public void Symmetric_activations_have_the_zero_point_128()
    {
        var quantized = OnnxQuantizer.Quantize(GraphBuilder.TwoLayers(), new StaticInt8 { SymmetricActivations = true }, GraphBuilder.Samples(4, 1, 3, 64)).Model;

        Assert.All(quantized.Graph.Initializer.Where(t => t.DataType == (int)TensorProto.Types.DataType.Uint8), t => Assert.Equal([128], t.RawData.ToByteArray()));
    }

    [Fact]
    public void Weights_of_7_bits_are_within_64()
    {
        var quantized = OnnxQuantizer.Quantize(GraphBuilder.TwoLayers(), new StaticInt8 { ReduceRange = true }, GraphBuilder.Samples(4, 1, 3, 64));

        var weights = quantized.Model.Graph.Initializer.Where(t => t.DataType == (int)TensorProto.Types.DataType.Int8).SelectMany(t => t.RawData.Select(b => (int)(sbyte)b)).ToList();
        Assert.Equal((-IntegerRange.Reduced.Highest, IntegerRange.Reduced.Highest), (weights.Min(), weights.Max()));
        Assert.Contains("as asked", quantized.Report.Notes[0]);
    }

    private static void Close(ModelProto model, ModelProto quantized, IReadOnlyList<IReadOnlyDictionary<string, OnnxArray>> samples, double tolerance)
    {
        using var floats = ModelSession.Open(model);
        using var integers = ModelSession.Open(quantized);
        var largest = samples.Max(s => floats.Run(s)["y"].Floats.Max(Math.Abs));
        var agreement = OnnxAgreement.Measure(floats, integers, samples);
        Assert.True(agreement.LargestDifference <= largest * tolerance && agreement.CosineMedian > 0.995, agreement.ToString());
    }
}
