namespace Decant.Export.Onnx.Importing;

/// <summary>A residual block of a graph.</summary>
/// <param name="Convolutions">Its own, in order: two, or three of a bottleneck.</param>
/// <param name="Shortcut">The one around them; null: the input goes around as it is.</param>
/// <param name="Output">The value behind its last ReLU.</param>
internal sealed record FoundBlock(IReadOnlyList<FoundConvolution> Convolutions, FoundConvolution? Shortcut, string Output)
{
    /// <summary>The stride of the whole block.</summary>
    public long Stride => Convolutions.Aggregate(1L, (stride, convolution) => stride * convolution.Stride);

    /// <summary>The block that begins at a value; null: none does.</summary>
    public static FoundBlock? At(ReadGraph graph, string input)
    {
        var branches = graph.UsersOf(input).Select(node => FoundConvolution.Of(graph, node)).OfType<FoundConvolution>().Select(first => Branch(graph, first)).ToArray();
        if (branches.Length is 0 or > 2 || branches.MaxBy(b => b.Convolutions.Count) is not { Convolutions.Count: >= 2 } main)
            return null;
        var shortcut = branches.FirstOrDefault(b => b.Convolutions.Count == 1).Convolutions?.Single();
        var around = shortcut?.Output ?? input;
        if (graph.UsersOf(main.Output) is not [{ OpType: "Add", Input.Count: 2 } sum] || !sum.Input.Contains(around) || (branches.Length == 2 && shortcut is null))
            return null;
        return graph.UsersOf(sum.Output[0]) is [{ OpType: "Relu" } relu] ? new FoundBlock(main.Convolutions, shortcut, relu.Output[0]) : null;
    }

    // Convolutions with ReLU between them, up to what is added.
    private static (List<FoundConvolution> Convolutions, string Output) Branch(ReadGraph graph, FoundConvolution first)
    {
        List<FoundConvolution> convolutions = [first];
        while (convolutions.Count < 3 && graph.UsersOf(convolutions[^1].Output) is [{ OpType: "Relu" } relu]
            && graph.UsersOf(relu.Output[0]) is [var next] && FoundConvolution.Of(graph, next) is { } convolution)
            convolutions.Add(convolution);
        return (convolutions, convolutions[^1].Output);
    }
}
