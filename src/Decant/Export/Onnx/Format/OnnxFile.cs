using Decant.Files;
using Google.Protobuf;

namespace Decant.Export.Onnx.Format;

/// <summary>ONNX files: read, and written as a whole or not at all.</summary>
internal static class OnnxFile
{
    /// <summary>The version of the format: that of opset 21 and what came before.</summary>
    public const long IrVersion = 10;

    // A protobuf message ends at 2 GiB; constants of more lie in a file of their own.
    private const long MostInside = 1_800_000_000;
    private const long LeastOutside = 1024;
    private const int Alignment = 4096;

    /// <summary>The name of the file that holds the constants of a large model, beside the model's own.</summary>
    public static string DataName(string path) => Path.GetFileName(path) + "_data";

    /// <summary>Reads a file; constants that lie in another one beside it are read too.</summary>
    /// <exception cref="DecantException">It is not there, or is no whole ONNX file.</exception>
    public static ModelProto Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var stream = RegularFile.Open(path);
            var model = ModelProto.Parser.ParseFrom(stream);
            if (model.Graph is null || model.Graph.Node.Count == 0)
                throw new DecantException($"{path} is no ONNX model: it has no graph. Export it again.");
            ExternalData.Read(path, model.Graph);
            return model;
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new DecantException($"{path} is no ONNX file, or not a whole one: expected a model that was exported to ONNX (model.onnx). If it is one, export or copy it again.", inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{path} cannot be read: {error.Message}", inner: error);
        }
    }

    /// <summary>Writes a model; beyond 1.8 GB its constants go to <see cref="DataName"/> beside it, as the format has it.</summary>
    /// <param name="path">Where to; a file there is replaced.</param>
    /// <param name="model">The model; unchanged.</param>
    /// <param name="mostInside">The bytes of constants that the file itself holds at most.</param>
    /// <exception cref="DecantException">It cannot be written.</exception>
    public static void Write(string path, ModelProto model, long mostInside = MostInside)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(model);
        if (model.Graph.Initializer.Sum(t => (long)t.RawData.Length) <= mostInside)
        {
            AtomicFile.Write(path, stream => model.WriteTo(stream));
            return;
        }

        var outside = model.Clone();
        var data = Path.Combine(Path.GetDirectoryName(path) ?? "", DataName(path));
        AtomicFile.Write(data, stream => ExternalData.Write(stream, Path.GetFileName(data), outside.Graph, LeastOutside, Alignment));
        AtomicFile.Write(path, stream => outside.WriteTo(stream));
    }
}
