using Decant.Compression.Quantization.Graphs;
using Decant.Export.Onnx.Format;

namespace Decant.Compression.Quantization;

/// <summary>One way of storing and computing layers.</summary>
internal interface ILayerQuantizer
{
    /// <summary>Writes what stands for a layer, or the layer as it was.</summary>
    /// <param name="graph">Where to.</param>
    /// <param name="layer">The layer.</param>
    /// <returns>What was done, or why nothing was.</returns>
    LayerReport Write(GraphEditor graph, Layer layer);

    /// <summary>Writes a node without weights, or one that is left out.</summary>
    void WriteOther(GraphEditor graph, NodeProto node) => graph.Write(node);
}
