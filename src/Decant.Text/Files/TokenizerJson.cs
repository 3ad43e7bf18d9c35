using System.Text.Json;
using Decant.Text.Configuration;
using Decant.Text.Vocabularies;

namespace Decant.Text.Files;

/// <summary>The tokenizer.json of Hugging Face's <c>tokenizers</c>: the components of a tokenizer, each with its type.</summary>
internal static class TokenizerJson
{
    private static readonly string[] s_known = ["version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model"];

    public static byte[] Write(TokenizerParts parts)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, TokenizerConfig.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            WriteComponent(json, "truncation", parts.Truncation);
            WriteComponent(json, "padding", parts.Padding);
            WriteAddedTokens(json, parts.Added);
            WriteComponent(json, "normalizer", parts.Normalizer);
            WriteComponent(json, "pre_tokenizer", parts.PreTokenizer);
            WriteComponent(json, "post_processor", parts.PostProcessor);
            WriteComponent(json, "decoder", parts.Decoder);
            json.WritePropertyName("model");
            parts.Model.Write(json);
            json.WriteEndObject();
        }

        memory.WriteByte((byte)'\n');
        return memory.ToArray();
    }

    /// <summary>The components that a file names; the document is released.</summary>
    public static TokenizerParts Read(JsonDocument content, TokenizerConfig config, string file)
    {
        using var document = content;
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("model", out var model)) throw new FormatException("there is no 'model'");
        foreach (var property in root.EnumerateObject())
            if (!s_known.Contains(property.Name)) throw new DecantException($"{file}: '{property.Name}' is not supported; use a tokenizer without it.");
        var made = ModelReader.Read(model, file);
        AddedToken[] own = Find("added_tokens") is { ValueKind: JsonValueKind.Array } added ? [.. added.EnumerateArray().Select((token, i) => ReadAddedToken(token, $"{file}: added_tokens[{i}]"))] : [];
        return ConfiguredParts.Apply(new TokenizerParts
        {
            Model = made,
            Added = AddedTokenFiles.Merge(own, made.Vocabulary, config, file),
            Normalizer = Find("normalizer"),
            PreTokenizer = Find("pre_tokenizer"),
            PostProcessor = Find("post_processor"),
            Decoder = Find("decoder"),
            Truncation = Find("truncation"),
            Padding = Find("padding"),
            Config = config,
            Source = file,
        });

        JsonElement? Find(string name) => root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.Clone() : null;
    }

    private static AddedToken ReadAddedToken(JsonElement json, string path)
    {
        var c = new Component(json, path);
        var special = c.Bool("special", false);
        var token = new AddedToken(c.Int("id"), c.Text("content"), c.Bool("single_word", false), c.Bool("lstrip", false), c.Bool("rstrip", false), c.Bool("normalized", !special), special);
        c.End();
        return token;
    }

    private static void WriteComponent(Utf8JsonWriter json, string name, JsonElement? component)
    {
        json.WritePropertyName(name);
        if (component is { } value) value.WriteTo(json);
        else json.WriteNullValue();
    }

    private static void WriteAddedTokens(Utf8JsonWriter json, IEnumerable<AddedToken> tokens)
    {
        json.WriteStartArray("added_tokens");
        foreach (var token in tokens.OrderBy(token => token.Id))
        {
            json.WriteStartObject();
            json.WriteNumber("id", token.Id);
            json.WriteString("content", token.Content);
            json.WriteBoolean("single_word", token.SingleWord);
            json.WriteBoolean("lstrip", token.LeftStrip);
            json.WriteBoolean("rstrip", token.RightStrip);
            json.WriteBoolean("normalized", token.Normalized);
            json.WriteBoolean("special", token.Special);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
