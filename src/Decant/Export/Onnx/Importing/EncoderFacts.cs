using System.Globalization;
using Decant.Export.Onnx.Format;
using Decant.Modules;

namespace Decant.Export.Onnx.Importing;

/// <summary>What of an encoder's settings is no weight, and can be seen in what its graph computes.</summary>
internal static class EncoderFacts
{
    /// <summary>How many heads of attention: states are taken apart as [B, T, heads, width ÷ heads].</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="width">The width of a state.</param>
    /// <param name="asked">The number that the user gave; null: none.</param>
    /// <exception cref="DecantException">The graph does not say and no number was given, or they contradict each other.</exception>
    public static int Heads(ReadGraph graph, int width, int? asked)
    {
        var seen = graph.Graph.Node.Where(n => n.OpType == "Reshape" && n.Input.Count == 2).Select(n => HeadsIn(graph, n, width)).OfType<int>().Distinct().ToArray();
        if (seen.Length > 1)
            throw new DecantException($"{graph.Path}: its states are taken apart into {string.Join(" and ", seen)} heads; one number for all layers is served.");
        if (seen is [var heads] && asked is { } other && heads != other)
            throw new DecantException($"{graph.Path}: --heads says {other}, and the graph takes its states of {width} apart into {heads} heads. Leave --heads out.");
        return seen is [var found] ? found : asked ?? throw new DecantException(
            $"{graph.Path}: the number of attention heads is in none of its constants. Give it with --heads, as the model's config.json has it (num_attention_heads); its states are {width} wide.");
    }

    /// <summary>What is added to the variance in norms.</summary>
    /// <exception cref="DecantException">There are no norms, or two numbers.</exception>
    public static double Epsilon(ReadGraph graph)
    {
        var seen = graph.Graph.Node.Select(n => EpsilonIn(graph, n)).OfType<double>().Distinct().ToArray();
        return seen is [var epsilon]
            ? epsilon
            : throw new DecantException($"{graph.Path}: {(seen.Length == 0 ? "no layer norm was found in the graph" : $"its layer norms add {string.Join(" and ", seen)} to the variance")}; norms with one epsilon for all are served.");
    }

    /// <summary>The function between a block's two linear layers.</summary>
    /// <exception cref="DecantException">There is none that is served.</exception>
    public static ActivationKind Activation(ReadGraph graph)
    {
        var types = graph.Graph.Node.Select(n => n.OpType).ToHashSet(StringComparer.Ordinal);
        var gelu = graph.Graph.Node.FirstOrDefault(n => n.OpType == "Gelu");
        if (gelu is not null)
            return gelu.Attribute.Any(a => a.Name == "approximate" && a.S.ToStringUtf8() == "tanh") ? ActivationKind.GeluNew : ActivationKind.Gelu;
        if (types.Contains("Erf"))
            return ActivationKind.Gelu;
        if (types.Contains("Relu"))
            return ActivationKind.Relu;
        // BERT's pooler has one too.
        if (graph.Graph.Node.Count(n => n.OpType == "Tanh") > 1)
            return ActivationKind.GeluNew;
        throw new DecantException($"{graph.Path}: the function between the linear layers was not recognised; gelu (Erf, Gelu), gelu_new (Tanh) and relu are served. The graph has {string.Join(", ", types.Order(StringComparer.Ordinal))}.");
    }

    private static int? HeadsIn(ReadGraph graph, NodeProto reshape, int width)
    {
        double?[] shape = graph.Numbers(reshape.Input[1]) is { } whole
            ? [.. whole.Select(s => (double?)s)]
            : graph.MakerOf(reshape.Input[1]) is { OpType: "Concat" } concat ? [.. concat.Input.SelectMany(part => graph.Numbers(part) is { } n ? n.Select(s => (double?)s) : [null])] : [];
        return shape is [_, _, { } heads, { } size] && heads > 0 && heads <= width && (size < 0 ? width % heads == 0 : heads * size == width) ? (int)heads : null;
    }

    private static double? EpsilonIn(ReadGraph graph, NodeProto node)
    {
        if (node.OpType == "LayerNormalization")
            return Rounded(node.Attribute.FirstOrDefault(a => a.Name == "epsilon")?.F ?? 1e-5f);
        return node.OpType == "Sqrt" && graph.MakerOf(node.Input[0]) is { OpType: "Add" } add && add.Input.Select(graph.Number).OfType<double>().FirstOrDefault() is > 0 and < 1 and var epsilon
            ? Rounded((float)epsilon)
            : null;
    }

    // As it was written down, 1e-12, and not the float32 nearest to it.
    private static double Rounded(float value) => double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
