using System.Globalization;
using Decant.Export.Onnx.Importing;
using Decant.Models.Encoders;
using Decant.Runs.Hardware;

namespace Decant.Runs.Jobs.Importing;

/// <summary>Makes a model's folder of an ONNX file.</summary>
internal static class ImportJob
{
    /// <summary>Imports it.</summary>
    /// <param name="file">An ONNX file.</param>
    /// <param name="request">Where to, and what the file does not say.</param>
    /// <exception cref="DecantException">It cannot be imported; nothing is left behind.</exception>
    public static ImportResult Run(string file, ImportRequest request)
    {
        MachineFacts.Prepare(null);
        var folder = request.Output ?? Path.GetFileNameWithoutExtension(file);
        var model = OnnxImport.Run(file, folder, Options(request));
        return new ImportResult(model.Folder,
        [
            string.Create(CultureInfo.InvariantCulture, $"{model.ModelType}: {model.Summary}, {model.Parameters:N0} parameters."),
            .. model.Notes,
            string.Create(CultureInfo.InvariantCulture, $"It computes what the file computes in ONNX Runtime: the largest difference is {model.LargestDifference:0.0e+0}."),
        ]);
    }

    private static ImportOptions Options(ImportRequest request) => new()
    {
        Vocabulary = request.Vocabulary,
        Heads = request.Heads,
        Pooling = request.Pooling is { } named ? Enum.Parse<EncoderPooling>(named, ignoreCase: true) : null,
        Normalize = request.Normalize,
        MaxTokens = request.MaxTokens,
    };
}
