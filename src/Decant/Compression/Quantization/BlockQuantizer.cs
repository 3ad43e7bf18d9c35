using Decant.Compression.Quantization.Graphs;
using Decant.Compression.Quantization.Numbers;
using Decant.Export.Onnx.Format;

namespace Decant.Compression.Quantization;

/// <summary>Weights in blocks: MatMulNBits for matrices, GatherBlockQuantized for embeddings.</summary>
internal sealed class BlockQuantizer(BlockInt options) : ILayerQuantizer
{
    private readonly BlockFormat _matrices = new(options.Bits, options.BlockSize, options.Symmetric);
    private readonly BlockFormat _embeddings = new(options.EmbeddingBits ?? (options.Bits == 8 ? 8 : 4), options.BlockSize, options.Symmetric);

    /// <summary>The format that a layer's weights are stored in, or null and why they stay float32.</summary>
    public (BlockFormat? Format, string Why) FormatOf(Layer layer) => layer.Kind switch
    {
        LayerKind.Matrix => (_matrices, ""),
        LayerKind.Embedding when _embeddings.Bits == 32 => (null, "float32: embeddings are left as they are"),
        LayerKind.Embedding when EmbeddingRows.Obstacle(layer) is { } obstacle => (null, obstacle),
        LayerKind.Embedding when !_embeddings.FillsBytes((int)layer.Weights.Shape[1]) =>
            (null, $"float32: {_embeddings.Bits}-bit rows of {layer.Weights.Shape[1]} numbers do not fill whole bytes, as GatherBlockQuantized needs"),
        LayerKind.Embedding => (_embeddings, ""),
        LayerKind.Lstm => (null, "float32: ONNX Runtime has no LSTM with weights in blocks; dynamic int8 has one with int8"),
        _ => (null, "float32: ONNX Runtime has no convolution with weights in blocks; static int8 has one with int8"),
    };

    /// <inheritdoc/>
    public LayerReport Write(GraphEditor graph, Layer layer)
    {
        var (format, why) = FormatOf(layer);
        if (format is not null)
            return layer.Kind == LayerKind.Matrix ? Matrix(graph, layer) : Embedding(graph, layer);
        graph.Write(layer.Node);
        return new LayerReport(layer.Name, false, why);
    }

    private LayerReport Matrix(GraphEditor graph, Layer layer)
    {
        var (weights, node) = (layer.Weights.Transposed(), layer.Node);
        var (outputs, inputs) = (weights.Shape[0], weights.Shape[1]);
        var count = (inputs + options.BlockSize - 1) / options.BlockSize;
        long[] shape = [outputs, count, _matrices.BytesOf(options.BlockSize)], zeroShape = [outputs * _matrices.BytesOf((int)count)];
        var constants = graph.Once("blocks:" + weights.Key, () =>
        {
            if (_matrices == _embeddings && inputs % options.BlockSize == 0 && graph.Made("table:" + weights.Key) is { } table)
                return [Reshaped(graph, table[0], shape), table[1], .. table[2..].Select(zeros => Reshaped(graph, zeros, zeroShape))];
            return Constants(graph, layer.Weights.Name, _matrices, BlockWeights.Of(weights.Read(), (int)inputs, _matrices, fillLastBlock: true), shape, [outputs, count], zeroShape);
        });
        string[] inputNames = layer.Bias is null ? [node.Input[0], .. constants] : [node.Input[0], .. constants, .. Enumerable.Repeat("", 4 - constants.Length), layer.Bias];
        graph.WriteTo(
            node.Output[0], "MatMulNBits", inputNames,
            OnnxNode.Attribute("K", inputs), OnnxNode.Attribute("N", outputs), OnnxNode.Attribute("bits", (long)options.Bits), OnnxNode.Attribute("block_size", (long)options.BlockSize),
            OnnxNode.Attribute("accuracy_level", (long)options.AccuracyLevel)).Domain = OnnxNode.RuntimeDomain;
        graph.Use(OnnxNode.RuntimeDomain, 1);
        return new LayerReport(layer.Name, true, $"{options.Bits}-bit weights in blocks of {options.BlockSize}, {(options.AccuracyLevel == 4 ? "int8 activations block by block" : "float32 products")}");
    }

    // The head of a language model that is tied to its embeddings: the file holds the table once, and ONNX Runtime computes the other shape when it opens the file.
    private static string Reshaped(GraphEditor graph, string constant, long[] shape) =>
        graph.Write("Reshape", [constant, graph.Add(OnnxTensor.Of(graph.NewName(constant + "_shape"), shape, shape.Length))], constant + "_reshaped");

    private LayerReport Embedding(GraphEditor graph, Layer layer)
    {
        var (table, node) = (layer.Weights, layer.Node);
        var width = (int)table.Shape[1];
        var constants = graph.Once("table:" + table.Key, () =>
        {
            var blocks = BlockWeights.Of(table.Read(), width, _embeddings, fillLastBlock: false);
            var count = (width + options.BlockSize - 1) / options.BlockSize;
            return Constants(graph, table.Name, _embeddings, blocks, [table.Shape[0], _embeddings.BytesOf(width)], [table.Shape[0], count], zeroShape: [table.Shape[0], _embeddings.BytesOf(count)]);
        });
        graph.WriteTo(
            node.Output[0], "GatherBlockQuantized", [constants[0], node.Input[1], .. constants[1..]],
            OnnxNode.Attribute("gather_axis", 0L), OnnxNode.Attribute("quantize_axis", 1L), OnnxNode.Attribute("bits", (long)_embeddings.Bits), OnnxNode.Attribute("block_size", (long)options.BlockSize))
            .Domain = OnnxNode.RuntimeDomain;
        graph.Use(OnnxNode.RuntimeDomain, 1);
        return new LayerReport(layer.Name, true, $"{_embeddings.Bits}-bit table in blocks of {options.BlockSize}");
    }

    private static string[] Constants(GraphEditor graph, string name, BlockFormat format, BlockWeights blocks, long[] shape, long[] scaleShape, long[] zeroShape) =>
    [
        graph.Add(OnnxTensor.Of(graph.NewName($"{name}_int{format.Bits}"), blocks.Packed, shape)),
        graph.Add(OnnxTensor.Of(graph.NewName(name + "_scale"), blocks.Scales, scaleShape)),
        .. blocks.ZeroPoints is { } zeros ? [graph.Add(OnnxTensor.Of(graph.NewName(name + "_zero"), zeros, zeroShape))] : (string[])[],
    ];
}
