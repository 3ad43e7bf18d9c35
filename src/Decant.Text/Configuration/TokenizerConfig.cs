using System.Text.Encodings.Web;
using System.Text.Json;
using Decant.Text.Models;
using Decant.Text.Vocabularies;

namespace Decant.Text.Configuration;

/// <summary>What tokenizer_config.json and special_tokens_map.json say of a tokenizer.</summary>
internal sealed record TokenizerConfig
{
    /// <summary>How the files of a tokenizer are written.</summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The family, such as <c>BertTokenizer</c>; of tokenizer_config.json, else of config.json.</summary>
    public string? Class { get; init; }

    /// <summary>The family of the model that the tokenizer is for, such as <c>gpt2</c>; of config.json.</summary>
    public string? ModelType { get; init; }

    public bool? LowerCase { get; init; }

    public bool? StripAccents { get; init; }

    /// <summary>Whether the file has <c>strip_accents</c>; null there means: where text is lower-cased.</summary>
    public bool SaysStripAccents { get; init; }

    public bool? SplitChinese { get; init; }

    public bool? AddBos { get; init; }

    public bool? AddEos { get; init; }

    public bool? AddPrefixSpace { get; init; }

    public long? MaxTokens { get; init; }

    /// <summary>Whether the beginning of a text that is too long is cut off and not its end; null: as tokenizer.json says.</summary>
    public bool? CutsLeft { get; init; }

    /// <summary>Whether a short text is filled up before it and not behind; null: as tokenizer.json says.</summary>
    public bool? FillsLeft { get; init; }

    /// <summary>Tokens by the names of their roles, as <c>pad_token</c>.</summary>
    public IReadOnlyDictionary<string, string> Named { get; init; } = new Dictionary<string, string>();

    /// <summary>Further special tokens.</summary>
    public IReadOnlyList<string> Additional { get; init; } = [];

    /// <summary>Tokens with ids that tokenizer_config.json adds to the vocabulary, with how they are found.</summary>
    public IReadOnlyList<AddedToken> Added { get; init; } = [];

    /// <summary>Tokens with ids that added_tokens.json lists, which says no more of them.</summary>
    public IReadOnlyList<AddedToken> Listed { get; init; } = [];

    /// <summary>How named tokens are found, where the files say so; the ids mean nothing.</summary>
    public IReadOnlyDictionary<string, AddedToken> Flags { get; init; } = new Dictionary<string, AddedToken>();

    /// <summary>The roles: as the files say, and where they say nothing, by custom, among the special tokens.</summary>
    public SpecialTokens Roles(IReadOnlyDictionary<string, int> ids, IReadOnlyList<AddedToken> added, string? unknown)
    {
        var special = added.Where(token => token.Special).Select(token => token.Content).ToHashSet(StringComparer.Ordinal);
        var roles = new SpecialTokens();
        foreach (var role in SpecialRole.All)
        {
            var token = Named.GetValueOrDefault(role.Key) ?? role.Customary.FirstOrDefault(special.Contains) ?? (role.Key == "unk_token" ? unknown : null);
            if (token is not null && ids.TryGetValue(token, out var id)) roles = role.Set(roles, id);
        }

        var taken = SpecialRole.All.Select(role => role.Get(roles)).ToHashSet();
        var named = Additional.Where(ids.ContainsKey).Select(token => ids[token]);
        return roles with { Additional = [.. added.Where(token => token.Special).Select(token => token.Id).Concat(named).Distinct().Where(id => !taken.Contains(id)).Order()] };
    }

    /// <summary>Writes tokenizer_config.json.</summary>
    /// <param name="parts">The tokenizer.</param>
    /// <param name="special">The roles of its tokens.</param>
    /// <param name="tokenOf">The token of an id.</param>
    /// <param name="maxTokens">The most tokens that the model reads.</param>
    /// <param name="addsBos">Whether each text begins with the first role's token.</param>
    /// <param name="addsEos">Whether each text ends with the last's.</param>
    public static byte[] Write(TokenizerParts parts, SpecialTokens special, Func<int, string> tokenOf, int maxTokens, bool addsBos, bool addsEos)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, WriterOptions))
        {
            json.WriteStartObject();
            var isBert = parts is { Model: WordPieceModel, Normalizer: { } n } && n.GetProperty("type").GetString() == "BertNormalizer";
            json.WriteString("tokenizer_class", isBert ? "BertTokenizer" : "PreTrainedTokenizerFast");
            if (isBert) WriteBert(json, parts.Normalizer!.Value);
            json.WriteNumber("model_max_length", maxTokens);
            foreach (var role in SpecialRole.All)
                if (role.Get(special) is { } id) json.WriteString(role.Key, tokenOf(id));
            if (addsBos) json.WriteBoolean("add_bos_token", true);
            if (addsEos) json.WriteBoolean("add_eos_token", true);
            WriteSide(json, "truncation_side", parts.Config.CutsLeft);
            WriteSide(json, "padding_side", parts.Config.FillsLeft);
            json.WriteBoolean("clean_up_tokenization_spaces", false);
            json.WriteEndObject();
        }

        memory.WriteByte((byte)'\n');
        return memory.ToArray();
    }

    private static void WriteSide(Utf8JsonWriter json, string name, bool? isLeft)
    {
        if (isLeft is { } left) json.WriteString(name, left ? "left" : "right");
    }

    private static void WriteBert(Utf8JsonWriter json, JsonElement normalizer)
    {
        var lowerCase = normalizer.GetProperty("lowercase").GetBoolean();
        var strip = normalizer.GetProperty("strip_accents");
        json.WriteBoolean("do_lower_case", lowerCase);
        json.WriteBoolean("strip_accents", strip.ValueKind == JsonValueKind.Null ? lowerCase : strip.GetBoolean());
        json.WriteBoolean("tokenize_chinese_chars", normalizer.GetProperty("handle_chinese_chars").GetBoolean());
    }
}
