using Decant.Export.Onnx.Running;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Export.Onnx.Importing;

/// <summary>Writes a network of images as a folder, and runs it beside its ONNX file.</summary>
internal static class ResNetFolder
{
    private const int TypicalEdge = 224;

    /// <summary>Writes and checks it.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="network">What it holds.</param>
    /// <param name="session">The file in ONNX Runtime.</param>
    /// <param name="options">What the user said.</param>
    /// <exception cref="DecantException">The model does not compute what the file computes.</exception>
    public static ImportedModel Write(string folder, ReadGraph graph, ResNetImport network, OnnxSession session, ImportOptions options)
    {
        if (options.Vocabulary is not null || options.Heads is not null || options.Pooling is not null || options.Normalize is not null || options.MaxTokens is not null)
            throw new DecantException($"{graph.Path} reads images, and --vocabulary, --heads, --pooling, --normalize and --max-tokens are for models of texts. Leave them out.");
        using var model = ImportedWeights.Write(folder, graph, network);
        var (largest, shape) = Compare(graph, session, model, options.Bgr);
        options.Images?.Write(folder);
        var config = ((IConfigured)model).Config;
        return new ImportedModel(folder, config.ModelType, config.Summary, model.ParameterCount, largest, [.. network.Notes, $"It was compared on images of {shape}."]);
    }

    private static (double Largest, string Shape) Compare(ReadGraph graph, OnnxSession session, Model model, bool isBgr)
    {
        var (name, _, sizes) = session.Inputs[0];
        var channels = sizes.ElementAtOrDefault(1) is > 0 and var c ? c : 3;
        long[] shape = [sizes[0] > 0 ? sizes[0] : 2, channels, Edge(sizes, 2), Edge(sizes, 3)];
        var random = new Random(5);
        var pixels = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (float)((4 * random.NextDouble()) - 2); // as bytes are after they were normalised
        var answers = session.Run(new Dictionary<string, OnnxArray> { [name] = new(pixels, shape) });
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var images = Tensor.From(pixels, shape);
        var own = model.InEvaluation(() => model.Forward(new ModelInput(isBgr ? images.Flip([1]) : images)));
        var difference = answers.Values.Count() == 1 ? OnnxVerification.Difference(answers.Values.Single().Floats, own.ToArray<float>()) : double.NaN;
        return difference <= OnnxVerification.Tolerance ? (difference, $"{shape[2]} × {shape[3]}") : throw new DecantException(
            $"{graph.Path} was read as a {((IConfigured)model).Config.Summary}, but the model that was made of it does not compute what the file computes on images [{string.Join(", ", shape)}]: " +
            $"the largest difference is {difference:g3} ({OnnxVerification.Tolerance:g1} is allowed). Something in the graph is not what this family has, so it was not imported; nothing was left behind.");
    }

    private static long Edge(long[] sizes, int axis) => sizes.ElementAtOrDefault(axis) is > 0 and var size ? size : TypicalEdge;
}
