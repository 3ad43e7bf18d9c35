using Decant.Compression.Quantization;
using Decant.Export.Onnx;
using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Signatures;
using Decant.Models;
using Decant.Models.Bert;
using Decant.Modules;
using Decant.Tests.Models;
using Google.Protobuf;

namespace Decant.Tests.Export.Onnx;

/// <summary>Weights that layers share stand in an ONNX file once, also when it is quantized; two factors are two products. That they answer alike is in <see cref="OnnxParityTests"/>.</summary>
public class CompactExportTests
{
    [Fact]
    public void A_shared_layer_is_in_the_file_once()
    {
        var (shared, apart) = (Graph(new() { UniqueLayers = 1 }), Graph(new()));
        Assert.InRange(shared.CalculateSize() / (double)apart.CalculateSize(), 0.2, 0.35); // one layer of four, and a small table
        Assert.Equal(apart.Graph.Node.Count(n => n.OpType == "MatMul"), shared.Graph.Node.Count(n => n.OpType == "MatMul"));
    }

    [Fact]
    public void It_is_in_a_quantized_file_once()
    {
        var (shared, apart) = (Graph(new() { UniqueLayers = 1 }), Graph(new()));
        foreach (var form in new QuantizationOptions[] { new HalfWeights(), new DynamicInt8(), new BlockInt() })
        {
            var (small, large) = (OnnxQuantizer.Quantize(shared, form, []).Model.CalculateSize(), OnnxQuantizer.Quantize(apart, form, []).Model.CalculateSize());
            Assert.InRange(small / (double)large, 0.2, 0.5);
        }
    }

    [Fact]
    public void Two_factors_are_two_products()
    {
        var (low, whole) = (Graph(new() { Rank = 8 }), Graph(new()));
        Assert.Equal(4 * 6, low.Graph.Node.Count(n => n.OpType is "MatMul" or "Gemm") - whole.Graph.Node.Count(n => n.OpType is "MatMul" or "Gemm"));
        Assert.True(low.CalculateSize() < 0.5 * whole.CalculateSize(), $"{low.CalculateSize()} of {whole.CalculateSize()} bytes");
        Assert.Equal(4 * 6, Integer(low) - Integer(whole));

        static int Integer(ModelProto graph) => OnnxQuantizer.Quantize(graph, new DynamicInt8(), []).Model.Graph.Node.Count(n => n.OpType == "MatMulInteger");
    }

    private static ModelProto Graph(BertOptions options)
    {
        using var model = ModelFamilies.All.Single(f => f.Kind == "encoder").Create(options with { Layers = 4, Hidden = 64, Heads = 4 }, Zoo.Text);
        return OnnxGraph.Of(model, GraphSignatures.Of(model));
    }
}
