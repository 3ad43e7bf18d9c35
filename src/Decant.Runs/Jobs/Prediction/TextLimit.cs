using System.Text.Json;
using Decant.Files;
using Decant.Models.Configuration;
using Decant.Models.Encoders;
using Decant.Modules;
using Decant.Text.Files;

namespace Decant.Runs.Jobs.Prediction;

/// <summary>How many tokens of a text a model in a folder reads.</summary>
internal static class TextLimit
{
    // A recurrent model has no limit of its own; a line of a whole book would still take all memory.
    private const int Most = 16_384;
    private const int Least = 3;

    /// <summary>The model's positions, and what its folder says: <c>max_seq_length</c> of sentence-transformers, else <c>model_max_length</c> of its tokenizer. A language model that reads on and on is held to its positions alone.</summary>
    public static int Of(string folder, Model model)
    {
        var positions = model switch
        {
            ICausalModel causal => causal.MaxTokens,
            IConfigured { Config: EncoderConfig encoder } => encoder.Shape.Longest,
            _ => null,
        };
        var said = model is ICausalModel ? null : SentenceSettings.Of(folder).MaxTokens ?? Said(Path.Combine(folder, "tokenizer_config.json"));
        return (int)Math.Max(Least, Math.Min(positions ?? Most, said ?? Most));
    }

    // Published files say 10³⁰ where there is no limit.
    private static long? Said(string file)
    {
        if (!Path.Exists(file))
            return null;
        try
        {
            using var json = JsonDocument.Parse(RegularFile.Bytes(file, RegularFile.MostSettings));
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("model_max_length", out var length)
                && length.ValueKind == JsonValueKind.Number && length.GetDouble() is >= 1 and <= int.MaxValue and var most ? (long)most : null;
        }
        catch (JsonException error)
        {
            throw new DecantException($"{file} is no valid JSON: {error.Message}", inner: error);
        }
    }
}
