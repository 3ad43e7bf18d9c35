using Decant.Export.Onnx.Format;

namespace Decant.Tests.Compression.Quantization;

/// <summary>Small convolutional graphs.</summary>
internal static class ConvolutionGraphs
{
    /// <summary>x [−1, 3, 16, 16] → Conv, Relu, MaxPool, a residual of two Conv, Relu, GlobalAveragePool, Flatten, Gemm → y [−1, 10].</summary>
    public static ModelProto Residual()
    {
        var graph = new GraphBuilder();
        var pads = OnnxNode.Attribute("pads", 1L, 1L, 1L, 1L);
        var stem = graph.Node("Relu", [graph.Node("Conv", [graph.Floats("x", -1, 3, 16, 16), graph.Weight("stem.weight", 8, 3, 3, 3), graph.Weight("stem.bias", 8)], pads)]);
        var pooled = graph.Node("MaxPool", [stem], OnnxNode.Attribute("kernel_shape", 2L, 2L), OnnxNode.Attribute("strides", 2L, 2L));
        var inner = graph.Node("Relu", [graph.Node("Conv", [pooled, graph.Weight("a.weight", 8, 8, 3, 3), graph.Weight("a.bias", 8)], pads)]);
        var sum = graph.Node("Relu", [graph.Node("Add", [graph.Node("Conv", [inner, graph.Weight("b.weight", 8, 8, 3, 3), graph.Weight("b.bias", 8)], pads), pooled])]);
        var features = graph.Node("Flatten", [graph.Node("GlobalAveragePool", [sum])]);
        return graph.Model(graph.Node("Gemm", "y", [features, graph.Weight("head.weight", 10, 8), graph.Weight("head.bias", 10)], OnnxNode.Attribute("transB", 1L)), -1, 10);
    }

    /// <summary>x [−1, 12, 20] → Conv over the last axis, Relu, its maximum, MatMul → y [−1, 4].</summary>
    public static ModelProto OverTime()
    {
        var graph = new GraphBuilder();
        var features = graph.Node("Relu", [graph.Node("Conv", [graph.Floats("x", -1, 12, 20), graph.Weight("conv.weight", 16, 12, 3), graph.Weight("conv.bias", 16)])]);
        var most = graph.Node("ReduceMax", [features], OnnxNode.Attribute("axes", [2L]), OnnxNode.Attribute("keepdims", 0L));
        return graph.Model(graph.Node("MatMul", "y", [most, graph.Weight("head.weight", 16, 4)]), -1, 4);
    }
}
