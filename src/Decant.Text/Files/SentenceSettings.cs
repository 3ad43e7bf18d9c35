using System.Text.Json;
using Decant.Text.Configuration;

namespace Decant.Text.Files;

/// <summary>What a folder of sentence-transformers says of its texts: how many tokens are read, and whether they are lower-cased before its tokenizer sees them.</summary>
/// <remarks>
/// It stands in <c>sentence_bert_config.json</c> and counts where <c>modules.json</c> lists the folder's modules, as sentence-transformers reads it. Lower-casing is done character by
/// character, and special tokens that are written in a text are found before it; both differ from Python's <c>str.lower</c> on the whole text, which also writes a final Σ as ς.
/// </remarks>
/// <param name="MaxTokens">The most tokens of a text, special ones included (<c>max_seq_length</c>); null: the model's positions and its tokenizer say.</param>
/// <param name="LowersText">Whether texts are lower-cased first (<c>do_lower_case</c>).</param>
internal sealed record SentenceSettings(int? MaxTokens, bool LowersText)
{
    private const string Modules = "modules.json";

    // One name a family, from when each had a class of its own.
    private static readonly string[] s_families = ["bert", "roberta", "distilbert", "camembert", "albert", "xlm-roberta", "xlnet"];

    private static readonly SentenceSettings s_none = new(null, false);

    /// <summary>The settings of a folder; nothing where it is not one of sentence-transformers.</summary>
    /// <exception cref="DecantException">A setting has another kind of value, or one is set that is not served; the message names file and key.</exception>
    public static SentenceSettings Of(string folder)
    {
        if (!File.Exists(Path.Combine(folder, Modules)) || s_families.Select(f => Path.Combine(folder, $"sentence_{f}_config.json")).FirstOrDefault(File.Exists) is not { } file)
            return s_none;
        using var document = TokenizerContent.Guarded(file, () => JsonDocument.Parse(TokenizerContent.Bytes(file)));
        var json = document.RootElement;
        if (json.ValueKind != JsonValueKind.Object) throw new DecantException($"{file}: expected an object, came {json.ValueKind}.");
        foreach (var arguments in new[] { "model_args", "tokenizer_args", "config_args" })
            if (Find(json, arguments) is { } given && !(given.ValueKind == JsonValueKind.Object && !given.EnumerateObject().Any()))
                throw new DecantException($"{file}: {arguments} is not supported, came {given.GetRawText()}; take it out where the model is the same without, or use another.");
        return new(Length(json, file), Lowers(json, file));
    }

    /// <summary>A tokenizer that lower-cases texts first, where the settings want that and its own normalizer does not do it.</summary>
    public TokenizerParts Apply(TokenizerParts parts)
    {
        if (!LowersText) return parts;
        const string Lowercase = """{"type":"Lowercase"}""";
        return parts.Normalizer switch
        {
            not { ValueKind: JsonValueKind.Object } => parts with { Normalizer = TokenizerParts.Json(Lowercase) },
            { } own when IsLowering(own) => parts,
            { } own => parts with { Normalizer = TokenizerParts.Json($$"""{"type":"Sequence","normalizers":[{{Lowercase}},{{own.GetRawText()}}]}""") },
        };
    }

    private static bool IsLowering(JsonElement normalizer) => Find(normalizer, "type") is { ValueKind: JsonValueKind.String } type && type.GetString() switch
    {
        "Lowercase" => true,
        "BertNormalizer" => Find(normalizer, "lowercase") is not { ValueKind: JsonValueKind.False },
        "Sequence" => Find(normalizer, "normalizers") is { ValueKind: JsonValueKind.Array } steps && steps.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } first && IsLowering(first),
        _ => false,
    };

    private static int? Length(JsonElement json, string file) => Find(json, "max_seq_length") switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out var most) && most > 0 => most,
        { } other => throw new DecantException($"{file}: max_seq_length: expected a whole number above 0, came {other.GetRawText()}."),
    };

    private static bool Lowers(JsonElement json, string file) => Find(json, "do_lower_case") switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        { } other => throw new DecantException($"{file}: do_lower_case: expected true or false, came {other.GetRawText()}."),
    };

    private static JsonElement? Find(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
