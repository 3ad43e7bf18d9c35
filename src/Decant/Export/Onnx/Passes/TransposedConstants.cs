using Decant.Export.Onnx.Format;

namespace Decant.Export.Onnx.Passes;

/// <summary>Constant matrices of which only the transpose is needed: they are stored transposed.</summary>
internal static class TransposedConstants
{
    /// <summary>Does it. A matrix that is needed both ways, as an embedding that is used again, stays one constant with a Transpose behind it.</summary>
    public static void Fold(GraphProto graph)
    {
        var uses = graph.Node.SelectMany(n => n.Input).CountBy(name => name).ToDictionary(StringComparer.Ordinal);
        var constants = graph.Initializer.ToDictionary(t => t.Name, StringComparer.Ordinal);
        foreach (var node in graph.Node.Where(n => n.OpType == "Transpose" && n.Attribute is [{ Name: "perm", Ints: [1, 0] }]).ToArray())
        {
            if (!constants.TryGetValue(node.Input[0], out var constant) || uses[constant.Name] != 1 || constant.DataType != (int)TensorProto.Types.DataType.Float)
                continue;
            var transposed = Transpose(constant);
            transposed.Name = node.Output[0];
            graph.Initializer[graph.Initializer.IndexOf(constant)] = Renamed(graph, transposed, constant.Name);
            graph.Node.Remove(node);
        }
    }

    // It keeps the name of the weight, by which people find it.
    private static TensorProto Renamed(GraphProto graph, TensorProto tensor, string name)
    {
        foreach (var node in graph.Node)
        {
            for (var i = 0; i < node.Input.Count; i++)
            {
                if (node.Input[i] == tensor.Name)
                    node.Input[i] = name;
            }
        }

        tensor.Name = name;
        return tensor;
    }

    private static TensorProto Transpose(TensorProto tensor)
    {
        var (rows, columns) = (checked((int)tensor.Dims[0]), checked((int)tensor.Dims[1]));
        var values = OnnxTensor.Floats(tensor);
        var turned = new float[values.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                turned[(column * rows) + row] = values[(row * columns) + column];
        }

        return OnnxTensor.Of(tensor.Name, turned, columns, rows);
    }
}
