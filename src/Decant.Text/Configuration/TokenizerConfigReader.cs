using System.Globalization;
using System.Text.Json;
using Decant.Text.Vocabularies;

namespace Decant.Text.Configuration;

/// <summary>Reads tokenizer_config.json, special_tokens_map.json and added_tokens.json, and of config.json what tokenizer the model has; a folder may lack them.</summary>
/// <remarks>docs/language-models.md lists every key that is read, and those that decide no ids.</remarks>
internal static class TokenizerConfigReader
{
    // What fast tokenizers of transformers obey and this does not.
    private static readonly (string Key, string Does)[] s_refused =
    [
        ("split_special_tokens", "special tokens in a text are cut as other text is"),
        ("from_slow", "tokenizer.json is made anew of the older files"),
        ("fix_mistral_regex", "words are cut by another expression than that of tokenizer.json"),
    ];

    public static TokenizerConfig Read(string folder)
    {
        var config = new TokenizerConfig();
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        var additional = new List<string>();
        var flags = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        foreach (var name in new[] { "special_tokens_map.json", "tokenizer_config.json" })
        {
            var file = Path.Combine(folder, name);
            if (!Path.Exists(file)) continue;
            using var document = TokenizerContent.Guarded(file, () => TokenizerContent.Document(file));
            var json = document.RootElement;
            if (json.ValueKind != JsonValueKind.Object) throw new DecantException($"{file}: expected an object, came {json.ValueKind}.");
            TokenizerContent.Guarded(file, () => Special(json, named, additional, flags));
            if (name == "tokenizer_config.json") config = TokenizerContent.Guarded(file, () => Settings(json, file));
        }

        var (ofModel, model) = OfModel(Path.Combine(folder, "config.json"));
        config = config with { Class = config.Class ?? ofModel, ModelType = Family(model) };
        var extra = Path.Combine(folder, "added_tokens.json");
        return config with { Named = named, Additional = additional, Flags = flags, Listed = Path.Exists(extra) ? TokenizerContent.Guarded(extra, () => Listed(extra)) : [] };
    }

    // Models that share weights or have them in factors read the tokens of their family: bert-compact those of bert.
    private static string? Family(string? type) => type is not null && type.EndsWith("-compact", StringComparison.Ordinal) ? type[..^"-compact".Length] : type;

    private static bool Special(JsonElement json, Dictionary<string, string> named, List<string> additional, Dictionary<string, AddedToken> flags)
    {
        foreach (var role in SpecialRole.All)
            if (json.TryGetProperty(role.Key, out var token) && TextOf(token, flags) is { } text) named[role.Key] = text;
        foreach (var key in new[] { "additional_special_tokens", "extra_special_tokens" })
            if (json.TryGetProperty(key, out var list)) additional.AddRange(Items(list).Select(item => TextOf(item, flags)).OfType<string>().Where(item => !additional.Contains(item)));
        return true;
    }

    /// <summary>A list of tokens, or tokens by names of the file's own.</summary>
    private static IEnumerable<JsonElement> Items(JsonElement list) => list.ValueKind switch
    {
        JsonValueKind.Array => list.EnumerateArray(),
        JsonValueKind.Object => list.EnumerateObject().Select(token => token.Value),
        _ => [],
    };

    private static (string? Class, string? Type) OfModel(string file)
    {
        if (!Path.Exists(file)) return default;
        using var document = TokenizerContent.Guarded(file, () => TokenizerContent.Document(file));
        var json = document.RootElement;
        return json.ValueKind == JsonValueKind.Object ? (Text(json, "tokenizer_class"), Text(json, "model_type")) : default;
    }

    private static TokenizerConfig Settings(JsonElement json, string file)
    {
        foreach (var (key, does) in s_refused)
            if (Flag(json, key) == true) throw new DecantException($"{file}: {key}: true is not supported ({does}); set it to false, or use a tokenizer without it.");
        return Settings(json);
    }

    private static TokenizerConfig Settings(JsonElement json) => new()
    {
        Class = Text(json, "tokenizer_class"),
        LowerCase = Flag(json, "do_lower_case"),
        StripAccents = Flag(json, "strip_accents"),
        SaysStripAccents = json.TryGetProperty("strip_accents", out _),
        SplitChinese = Flag(json, "tokenize_chinese_chars"),
        AddBos = Flag(json, "add_bos_token"),
        AddEos = Flag(json, "add_eos_token"),
        AddPrefixSpace = Flag(json, "add_prefix_space"),
        MaxTokens = json.TryGetProperty("model_max_length", out var length) && length.ValueKind == JsonValueKind.Number && length.GetDouble() is > 0 and < 1e9 and var most ? (long)most : null,
        CutsLeft = Left(json, "truncation_side"),
        FillsLeft = Left(json, "padding_side"),
        Added = json.TryGetProperty("added_tokens_decoder", out var added) && added.ValueKind == JsonValueKind.Object
            ? [.. added.EnumerateObject().Select(token => Added(int.Parse(token.Name, CultureInfo.InvariantCulture), token.Value))] : [],
    };

    private static AddedToken Added(int id, JsonElement json)
    {
        var special = Flag(json, "special") ?? false;
        return new AddedToken(id, Text(json, "content") ?? throw new FormatException($"the added token {id} has no 'content'"), Flag(json, "single_word") ?? false, Flag(json, "lstrip") ?? false, Flag(json, "rstrip") ?? false, Flag(json, "normalized") ?? !special, special);
    }

    private static List<AddedToken> Listed(string file)
    {
        using var document = TokenizerContent.Document(file);
        return [.. document.RootElement.EnumerateObject().Select(token => new AddedToken(token.Value.GetInt32(), token.Name, Normalized: true, Special: false))];
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool? Flag(JsonElement json, string name) => !json.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new FormatException($"{name}: expected true or false, came {value.GetRawText()}"),
    };

    private static bool? Left(JsonElement json, string name) => !json.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String when value.GetString() is "left" => true,
        JsonValueKind.String when value.GetString() is "right" => false,
        _ => throw new FormatException($"{name}: expected left or right, came {value.GetRawText()}"),
    };

    /// <summary>A token stands as a string or as an object with its content.</summary>
    private static string? TextOf(JsonElement token, Dictionary<string, AddedToken> flags)
    {
        if (token.ValueKind == JsonValueKind.String) return token.GetString();
        if (token.ValueKind != JsonValueKind.Object || !token.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.String) return null;
        var made = Added(-1, token);
        flags[made.Content] = made;
        return made.Content;
    }
}
