using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Running;
using Decant.Files;

namespace Decant.Export.Onnx.Importing;

/// <summary>Makes a model of a known family of an ONNX file that somebody else's program wrote, and keeps it only if it computes the same.</summary>
internal static class OnnxImport
{
    private const string Served = "BERT, RoBERTa and DistilBERT with the names that torch.onnx.export writes, and residual networks of ImageNet's kind (ResNet-18, 34, 50) are served";

    /// <summary>Imports a file.</summary>
    /// <param name="path">The ONNX file; weights that it has outside lie beside it.</param>
    /// <param name="folder">The folder to make: nothing, or an empty one.</param>
    /// <param name="options">What the file does not say; null: nothing.</param>
    /// <returns>What was imported.</returns>
    /// <exception cref="DecantException">The file is damaged, quantized or of no known family, or the model does not compute what the file computes. Nothing is left behind.</exception>
    public static ImportedModel Run(string path, string folder, ImportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new ImportOptions();
        if (!File.Exists(path) && !Directory.Exists(path))
            throw new DecantException($"{path}: there is no such file; expected an ONNX file.");
        PlaceholderFile.Refuse(path);
        using var target = new NewFolder(folder);
        var graph = new ReadGraph(path, OnnxFile.Read(path));
        ServedGraph.Require(graph);
        using var session = OnnxSession.Open(path);
        var imported = EncoderImport.Of(graph, options) is { } encoder
            ? EncoderFolder.Write(target.Filled, graph, encoder, session, options)
            : ResNetImport.Of(graph, options) is { } network ? ResNetFolder.Write(target.Filled, graph, network, session, options)
            : throw Unknown(graph);
        target.Complete();
        return imported with { Folder = Path.GetFullPath(folder) };
    }

    private static DecantException Unknown(ReadGraph graph)
    {
        var operators = graph.Graph.Node.GroupBy(n => n.OpType).OrderByDescending(g => g.Count()).Take(6).Select(g => $"{g.Count()} × {g.Key}");
        var names = graph.Graph.Initializer.Select(i => i.Name).Where(n => n.Contains('.', StringComparison.Ordinal)).Take(4).ToArray();
        return new DecantException(
            $"{graph.Path}: its graph is of no family that is imported. {Served}. Found: {(graph.Producer.Length > 0 ? $"written by {graph.Producer}, " : "")}inputs {string.Join(", ", graph.Inputs.Select(i => i.Name))}; " +
            $"{string.Join(", ", operators)}; {(names.Length > 0 ? $"weights such as {string.Join(", ", names)}" : "no weights with the names of layers")}.");
    }
}
