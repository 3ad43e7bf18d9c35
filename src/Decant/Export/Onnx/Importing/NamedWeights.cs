using Decant.Export.Onnx.Format;
using Decant.Torch;

namespace Decant.Export.Onnx.Importing;

/// <summary>The weights of a graph under the names that they had in the model that was exported.</summary>
/// <remarks>
/// Exporters keep the names of embeddings, biases and norms. The weight W [out, in] of a linear layer is multiplied from the right, so it is stored as its transpose, under a number; which layer's it
/// is, is told by the bias that is added to the product.
/// </remarks>
internal sealed class NamedWeights
{
    private const string Bias = ".bias";
    private const string Weight = ".weight";

    private readonly Dictionary<string, (TensorProto Constant, bool IsTransposed)> _weights = new(StringComparer.Ordinal);
    private readonly List<string> _nameless = [];

    private NamedWeights()
    {
    }

    /// <summary>All names.</summary>
    public IReadOnlyCollection<string> Names => _weights.Keys;

    /// <summary>Matrices that are multiplied with and belong to no layer that has a name, described.</summary>
    public IReadOnlyList<string> Nameless => _nameless;

    /// <summary>The weights of a graph.</summary>
    public static NamedWeights Of(ReadGraph graph)
    {
        var weights = new NamedWeights();
        foreach (var (name, constant) in graph.Constants.Where(c => IsName(c.Key) && c.Value.DataType == (int)TensorProto.Types.DataType.Float))
            weights._weights[name] = (constant, false);
        foreach (var node in graph.Graph.Node)
        {
            if (node.OpType == "MatMul" && node.Input.Count == 2 && graph.Constants.TryGetValue(node.Input[1], out var factor) && factor.Dims.Count == 2)
                weights.Add(node, factor, BiasBehind(graph, node.Output[0]), isTransposed: true);
            else if (node.OpType == "Gemm" && node.Input.Count >= 2 && graph.Constants.TryGetValue(node.Input[1], out var matrix))
                weights.Add(node, matrix, node.Input.Count > 2 ? node.Input[2] : null, OnnxNode.Integer(node, "transB", 0) == 0);
        }

        return weights;
    }

    /// <summary>Whether there is a weight of that name.</summary>
    public bool Has(string name) => _weights.ContainsKey(name);

    /// <summary>The shape of a weight as the model has it; null: there is none of that name.</summary>
    public long[]? ShapeOf(string name) => _weights.TryGetValue(name, out var weight)
        ? weight.IsTransposed ? [.. weight.Constant.Dims.Reverse()] : [.. weight.Constant.Dims]
        : null;

    /// <summary>A weight as the model has it, in the current scope.</summary>
    /// <exception cref="DecantException">It has another number of elements than its shape says.</exception>
    public Tensor Tensor(string name)
    {
        var (constant, isTransposed) = _weights[name];
        var tensor = Torch.Tensor.From(OnnxTensor.Floats(constant), [.. constant.Dims]);
        return isTransposed ? tensor.Transpose(0, 1) : tensor;
    }

    private void Add(NodeProto node, TensorProto factor, string? bias, bool isTransposed)
    {
        if (IsName(node.Input[1]))
            _weights[node.Input[1]] = (factor, isTransposed);
        else if (bias?.EndsWith(Bias, StringComparison.Ordinal) == true && IsName(bias))
            _weights[bias[..^Bias.Length] + Weight] = (factor, isTransposed);
        else
            _nameless.Add($"'{node.Input[1]}' [{string.Join(", ", factor.Dims)}] of {node.OpType} {(node.Name.Length > 0 ? $"'{node.Name}'" : $"that makes '{node.Output[0]}'")}");
    }

    private static string? BiasBehind(ReadGraph graph, string product) => graph.UsersOf(product)
        .Where(user => user.OpType == "Add" && user.Input.Count == 2)
        .Select(user => user.Input[0] == product ? user.Input[1] : user.Input[0])
        .FirstOrDefault(graph.Constants.ContainsKey);

    // Those of a module have dots; 927, onnx::MatMul_788 and /encoder/Constant_output_0 are the exporter's.
    private static bool IsName(string name) => name.Contains('.', StringComparison.Ordinal) && !name.Contains("::", StringComparison.Ordinal) && !name.Contains('/', StringComparison.Ordinal);
}
