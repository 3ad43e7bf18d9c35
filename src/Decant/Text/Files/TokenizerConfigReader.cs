using System.Globalization;
using System.Text.Json;

namespace Decant.Text;

/// <summary>Reads tokenizer_config.json, special_tokens_map.json and added_tokens.json, which a folder may lack.</summary>
internal static class TokenizerConfigReader
{
    public static TokenizerConfig Read(string folder)
    {
        var config = new TokenizerConfig();
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        var additional = new List<string>();
        foreach (var name in new[] { "special_tokens_map.json", "tokenizer_config.json" })
        {
            var file = Path.Combine(folder, name);
            if (!File.Exists(file)) continue;
            using var document = TokenizerFile.Guarded(file, () => JsonDocument.Parse(File.ReadAllBytes(file)));
            var json = document.RootElement;
            if (json.ValueKind != JsonValueKind.Object) throw new DecantException($"{file}: expected an object, came {json.ValueKind}.");
            foreach (var role in SpecialRole.All)
                if (json.TryGetProperty(role.Key, out var token) && TextOf(token) is { } text) named[role.Key] = text;
            foreach (var key in new[] { "additional_special_tokens", "extra_special_tokens" })
                if (json.TryGetProperty(key, out var list) && list.ValueKind == JsonValueKind.Array) additional.AddRange(list.EnumerateArray().Select(TextOf).OfType<string>());
            if (name == "tokenizer_config.json") config = TokenizerFile.Guarded(file, () => Settings(json));
        }

        var extra = Path.Combine(folder, "added_tokens.json");
        return config with { Named = named, Additional = additional, Added = [.. config.Added, .. File.Exists(extra) ? TokenizerFile.Guarded(extra, () => Listed(extra)) : []] };
    }

    private static TokenizerConfig Settings(JsonElement json) => new()
    {
        Class = json.TryGetProperty("tokenizer_class", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null,
        LowerCase = Flag(json, "do_lower_case"),
        StripAccents = Flag(json, "strip_accents"),
        SplitChinese = Flag(json, "tokenize_chinese_chars"),
        AddBos = Flag(json, "add_bos_token"),
        AddEos = Flag(json, "add_eos_token"),
        AddPrefixSpace = Flag(json, "add_prefix_space"),
        MaxTokens = json.TryGetProperty("model_max_length", out var length) && length.ValueKind == JsonValueKind.Number && length.GetDouble() is > 0 and < 1e9 and var most ? (long)most : null,
        Added = json.TryGetProperty("added_tokens_decoder", out var added) && added.ValueKind == JsonValueKind.Object
            ? [.. added.EnumerateObject().Select(token => Added(int.Parse(token.Name, CultureInfo.InvariantCulture), token.Value))] : [],
    };

    private static AddedToken Added(int id, JsonElement json)
    {
        var special = Flag(json, "special") ?? false;
        return new AddedToken(id, json.GetProperty("content").GetString()!, Flag(json, "single_word") ?? false, Flag(json, "lstrip") ?? false, Flag(json, "rstrip") ?? false, Flag(json, "normalized") ?? !special, special);
    }

    private static List<AddedToken> Listed(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return [.. document.RootElement.EnumerateObject().Select(token => new AddedToken(token.Value.GetInt32(), token.Name, Normalized: true, Special: false))];
    }

    private static bool? Flag(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null;

    /// <summary>A token stands as a string or as an object with its content.</summary>
    private static string? TextOf(JsonElement token) => token.ValueKind switch
    {
        JsonValueKind.String => token.GetString(),
        JsonValueKind.Object when token.TryGetProperty("content", out var content) => content.GetString(),
        _ => null,
    };
}
