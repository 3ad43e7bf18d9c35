using Decant.Compression.Quantization;
using Decant.Compression.Quantization.Calibrating;
using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Running;

namespace Decant.Tests.Compression.Quantization;

public class OnnxQuantizerTests
{
    private static readonly QuantizationOptions[] s_forms = [new HalfWeights(), new StaticInt8(), new DynamicInt8(), new BlockInt()];

    private static IReadOnlyList<IReadOnlyDictionary<string, OnnxArray>> Samples => GraphBuilder.Samples(2, 1, 3, 64);

    [Fact]
    public void A_calibration_without_samples_is_refused() => Refused("there is no sample", GraphBuilder.TwoLayers(), new StaticInt8(), []);

    [Fact]
    public void A_sample_with_other_inputs_is_refused()
    {
        IReadOnlyList<IReadOnlyDictionary<string, OnnxArray>> samples = [Samples[0], new Dictionary<string, OnnxArray> { ["z"] = GraphBuilder.Normal(1, 1, 3, 64) }];

        Refused("Sample 2 has the inputs 'z'; the model takes 'x'", GraphBuilder.TwoLayers(), new StaticInt8(), samples);
    }

    [Fact]
    public void A_sample_of_another_shape_or_type_is_refused()
    {
        Refused("the shape [1, 3, 63]; the model takes [any, any, 64]", GraphBuilder.TwoLayers(), new StaticInt8(), GraphBuilder.Samples(1, 1, 3, 63));
        Refused("the shape [3, 64]", GraphBuilder.TwoLayers(), new StaticInt8(), GraphBuilder.Samples(1, 3, 64));
        Refused("Int64; the model takes Single", GraphBuilder.TwoLayers(), new DynamicInt8(), [new Dictionary<string, OnnxArray> { ["x"] = new(new long[64], 1, 1, 64) }]);
    }

    [Fact]
    public void An_activation_that_is_not_finite_is_refused_by_name()
    {
        var samples = GraphBuilder.Samples(1, 1, 3, 64);
        samples[0]["x"].Floats[0] = float.NaN;

        Refused("activation 'x'", GraphBuilder.TwoLayers(), new StaticInt8(), samples);
    }

    [Fact]
    public void A_weight_that_is_not_finite_is_refused_by_name()
    {
        var graph = new GraphBuilder();
        var model = graph.Model(graph.Node("MatMul", "y", [graph.Floats("x", -1, 2), graph.Weight("bad", [1, float.NaN], 2, 1)]), -1, 1);

        Refused("'bad'", model, new DynamicInt8(), []);
    }

    [Fact]
    public void A_quantized_model_is_refused()
    {
        foreach (var form in s_forms)
        {
            var quantized = OnnxQuantizer.Quantize(GraphBuilder.TwoLayers(), form, Samples).Model;
            foreach (var again in s_forms)
                Assert.Throws<DecantException>(() => OnnxQuantizer.Quantize(quantized, again, Samples));
        }
    }

    [Fact]
    public void A_model_without_weights_is_refused()
    {
        var graph = new GraphBuilder();
        var x = graph.Floats("x", -1, -1, 64);
        var model = graph.Model(graph.Node("Relu", "y", [x]), -1, -1, 64);

        foreach (var form in s_forms)
            Refused("Nothing was", model, form, Samples);
    }

    [Fact]
    public void Excluding_all_layers_is_refused()
    {
        foreach (var form in s_forms)
            Refused("Nothing was", GraphBuilder.TwoLayers(), form with { Exclude = ["*"] }, Samples);
    }

    [Fact]
    public void A_pattern_that_fits_nothing_is_refused() =>
        Refused("no layer of the model has a name like 'third*'", GraphBuilder.TwoLayers(), new StaticInt8 { Exclude = ["third*"] }, Samples);

    [Fact]
    public void An_old_opset_is_refused()
    {
        var graph = new GraphBuilder(opset: 11);
        Refused("opset 11; 13 or later", graph.Model(graph.Node("MatMul", "y", [graph.Floats("x", -1, 2), graph.Weight("w", 2, 2)]), -1, 2), new DynamicInt8(), []);
    }

    [Fact]
    public void Options_that_nothing_can_run_are_refused_by_name()
    {
        Refused("bits is 3", GraphBuilder.TwoLayers(), new BlockInt { Bits = 3 }, []);
        Refused("block-size is 48", GraphBuilder.TwoLayers(), new BlockInt { BlockSize = 48 }, []);
        Refused("accuracy-level is 2", GraphBuilder.TwoLayers(), new BlockInt { AccuracyLevel = 2 }, []);
        Refused("embedding-bits is 2", GraphBuilder.TwoLayers(), new BlockInt { EmbeddingBits = 2 }, []);
        Refused("percentile is 20", GraphBuilder.TwoLayers(), new StaticInt8 { Percentile = 20 }, Samples);
        Refused("percentile is NaN", GraphBuilder.TwoLayers(), new StaticInt8 { Percentile = double.NaN }, Samples);
    }

    [Fact]
    public void The_model_that_came_is_unchanged()
    {
        foreach (var form in s_forms)
        {
            var model = GraphBuilder.TwoLayers();
            var before = model.Clone();
            OnnxQuantizer.Quantize(model, form, Samples);
            Assert.Equal(before, model);
        }
    }

    [Fact]
    public void The_same_model_gives_the_same_bytes()
    {
        foreach (var form in s_forms)
            Assert.Equal(OnnxQuantizer.Quantize(GraphBuilder.TwoLayers(), form, Samples).Model, OnnxQuantizer.Quantize(GraphBuilder.TwoLayers(), form, Samples).Model);
    }

    [Fact]
    public void A_calibration_can_be_stopped() => Assert.Throws<OperationCanceledException>(() =>
        OnnxQuantizer.Quantize(GraphBuilder.TwoLayers(), new StaticInt8(), Samples, cancel: new CancellationToken(canceled: true)));

    [Fact]
    public void Weights_of_two_layers_are_stored_once()
    {
        var graph = new GraphBuilder();
        var weight = graph.Weight("w", 64, 64);
        var model = graph.Model(graph.Node("MatMul", "y", [graph.Node("Relu", [graph.Node("MatMul", [graph.Floats("x", -1, -1, 64), weight])]), weight]), -1, -1, 64);

        foreach (var form in s_forms)
        {
            var quantized = OnnxQuantizer.Quantize(model, form, Samples);
            Assert.InRange(quantized.Model.Graph.Initializer.Sum(t => t.RawData.Length), 1, (64 * 64 * 2) + 1500);
        }
    }

    [Fact]
    public void Attention_of_onnx_runtime_keeps_its_operators_between_integer_projections()
    {
        var model = AttentionGraph.Model();
        var samples = GraphBuilder.Samples(4, 2, 6, 64);
        using var floats = ModelSession.Open(model);
        foreach (var form in s_forms)
        {
            var quantized = OnnxQuantizer.Quantize(model, form, samples);
            using var session = ModelSession.Open(quantized.Model);
            Assert.Contains("MultiHeadAttention", OptimizedGraph.Operators(quantized.Model));
            Assert.InRange(Decant.Compression.Quantization.Agreement.OnnxAgreement.Measure(floats, session, samples).CosineMedian, 0.98, 1);
            if (form is not HalfWeights)
                Assert.Equal(6, quantized.Report.Layers.Count(l => l.Changed));
        }

        var integers = OptimizedGraph.Operators(OnnxQuantizer.Quantize(model, new StaticInt8(), samples).Model);
        Assert.Equal(6, integers.Count(o => o == "MatMulIntegerToFloat"));
        Assert.Equal(4, integers.Count(o => o == "QuantizeLinear")); // x for three projections, and the inputs of the other three
    }

    [Fact]
    public void A_large_weight_of_another_operator_is_in_the_report()
    {
        var graph = new GraphBuilder();
        var gru = graph.Node("GRU", [graph.Floats("x", -1, -1, 64), graph.Weight("W", 1, 288, 64), graph.Weight("R", 1, 288, 96)], OnnxNode.Attribute("hidden_size", 96L));
        var model = graph.Model(graph.Node("MatMul", "y", [gru, graph.Weight("head", 96, 8)]), -1, 1, -1, 8);

        var report = OnnxQuantizer.Quantize(model, new DynamicInt8()).Report;

        Assert.Contains("GRU has no form with integers", report.Layers[0].What);
    }

    [Fact]
    public void A_value_that_the_body_of_an_if_reads_is_kept()
    {
        var graph = new GraphBuilder();
        var x = graph.Floats("x", -1, -1, 64);
        var h = graph.Node("MatMul", "h", [x, graph.Weight("w", 64, 64)]);
        var scale = graph.Weight("factor", [2f], 1);
        graph.Node("Abs", "a", [h]);
        var model = graph.Model("y", -1, -1, 64);
        model.Graph.Initializer.Add(OnnxTensor.Make("choice", TensorProto.Types.DataType.Bool, [1]));
        model.Graph.Node.Add(OnnxNode.Make("If", ["choice"], ["y"], Body("then_branch", "a", scale), Body("else_branch", "h", scale)));

        foreach (var form in s_forms)
        {
            var quantized = OnnxQuantizer.Quantize(model, form, Samples).Model;
            using var session = ModelSession.Open(quantized);
            Assert.All(session.Run(Samples[0])["y"].Floats, v => Assert.True(v >= 0));
        }
    }

    private static AttributeProto Body(string name, string value, string factor)
    {
        var body = new GraphProto { Name = name };
        body.Node.Add(OnnxNode.Make("Mul", [value, factor], [name + "_out"]));
        body.Output.Add(new ValueInfoProto { Name = name + "_out", Type = new TypeProto { TensorType = new() { ElemType = (int)TensorProto.Types.DataType.Float } } });
        return new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Graph, G = body };
    }

    private static void Refused(string message, ModelProto model, QuantizationOptions options, IReadOnlyList<IReadOnlyDictionary<string, OnnxArray>> samples) =>
        Assert.Contains(message, Assert.Throws<DecantException>(() => OnnxQuantizer.Quantize(model, options, samples)).Message);
}
