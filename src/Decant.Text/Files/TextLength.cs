using System.Text.Json;
using Decant.Files;

namespace Decant.Text.Files;

/// <summary>How many tokens of a text a folder says that its model reads.</summary>
internal static class TextLength
{
    /// <summary>The most that are read where nothing says how many: a recurrent model has no limit of its own, and a line of a whole book would take all memory.</summary>
    public const int Most = 16_384;

    /// <summary>The fewest that are read: what stands around a text, and a token.</summary>
    public const int Least = 3;

    /// <summary>The limit within <see cref="Least"/> and <see cref="Most"/>.</summary>
    /// <param name="positions">The model's own; null: none.</param>
    /// <param name="said">What the folder says; null: nothing.</param>
    public static int Of(long? positions, long? said) => (int)Math.Max(Least, Math.Min(positions ?? Most, said ?? Most));

    /// <summary><c>max_seq_length</c> of sentence-transformers, else <c>model_max_length</c> of the tokenizer; null: neither is there.</summary>
    /// <exception cref="DecantException">A file is no JSON, or a setting has another kind of value.</exception>
    public static long? Said(string folder) => SentenceSettings.Of(folder).MaxTokens ?? OfTokenizer(Path.Combine(folder, "tokenizer_config.json"));

    // Published files say 10³⁰ where there is no limit.
    private static long? OfTokenizer(string file)
    {
        if (!Path.Exists(file)) return null;
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
