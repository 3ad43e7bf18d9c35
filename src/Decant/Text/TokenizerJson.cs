using System.Text.Encodings.Web;
using System.Text.Json;

namespace Decant.Text;

/// <summary>The tokenizer.json of Hugging Face's <c>tokenizers</c>: the parts of a tokenizer, each with its type.</summary>
internal static class TokenizerJson
{
    private static readonly JsonWriterOptions s_options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(Tokenizer tokenizer)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, s_options))
        {
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            json.WriteNull("truncation");
            json.WriteNull("padding");
            WriteAddedTokens(json, tokenizer);
            json.WritePropertyName("normalizer");
            if (tokenizer.Normalizer is null) json.WriteNullValue();
            else tokenizer.Normalizer.Write(json);
            json.WritePropertyName("pre_tokenizer");
            tokenizer.PreTokenizer.Write(json);
            WriteTemplate(json, tokenizer.Special);
            json.WritePropertyName("decoder");
            tokenizer.Decoder.Write(json);
            json.WritePropertyName("model");
            tokenizer.Model.Write(json);
            json.WriteEndObject();
        }

        memory.WriteByte((byte)'\n');
        return memory.ToArray();
    }

    public static void WriteVocabulary(Utf8JsonWriter json, Vocabulary vocabulary)
    {
        json.WriteStartObject("vocab");
        for (var id = 0; id < vocabulary.Tokens.Count; id++) json.WriteNumber(vocabulary.Tokens[id], id);
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> writes; other people's parts are refused by name.</summary>
    public static Tokenizer Read(ReadOnlyMemory<byte> content, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            var root = document.RootElement;
            var model = root.GetProperty("model");
            var vocabulary = ReadVocabulary(model.GetProperty("vocab"), file);
            RequireTemplate(root, file);
            return new Tokenizer(
                vocabulary, ReadNormalizer(root.GetProperty("normalizer"), file), ReadPreTokenizer(root.GetProperty("pre_tokenizer"), file),
                ReadModel(model, vocabulary, file), ReadDecoder(root.GetProperty("decoder"), file));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new DecantException($"{file}: expected a tokenizer.json, came something else ({e.Message}); export the tokenizer again.", inner: e);
        }
    }

    private static void WriteAddedTokens(Utf8JsonWriter json, Tokenizer tokenizer)
    {
        json.WriteStartArray("added_tokens");
        foreach (var id in tokenizer.Special.All.Order())
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("content", tokenizer.TokenOf(id));
            json.WriteBoolean("single_word", false);
            json.WriteBoolean("lstrip", false);
            json.WriteBoolean("rstrip", false);
            json.WriteBoolean("normalized", false);
            json.WriteBoolean("special", true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>[CLS] A [SEP], and [CLS] A [SEP] B [SEP] with the last two of type 1.</summary>
    private static void WriteTemplate(Utf8JsonWriter json, SpecialTokens special)
    {
        json.WriteStartObject("post_processor");
        json.WriteString("type", "TemplateProcessing");
        WritePieces("single", [("[CLS]", 0), ("A", 0), ("[SEP]", 0)]);
        WritePieces("pair", [("[CLS]", 0), ("A", 0), ("[SEP]", 0), ("B", 1), ("[SEP]", 1)]);
        json.WriteStartObject("special_tokens");
        foreach (var (name, id) in new[] { ("[CLS]", special.Classification), ("[SEP]", special.Separator) })
        {
            json.WriteStartObject(name);
            json.WriteString("id", name);
            json.WriteStartArray("ids");
            json.WriteNumberValue(id);
            json.WriteEndArray();
            json.WriteStartArray("tokens");
            json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();

        void WritePieces(string name, (string Id, int Type)[] pieces)
        {
            json.WriteStartArray(name);
            foreach (var (id, type) in pieces)
            {
                json.WriteStartObject();
                json.WriteStartObject(id.Length == 1 ? "Sequence" : "SpecialToken");
                json.WriteString("id", id);
                json.WriteNumber("type_id", type);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }

    private static Vocabulary ReadVocabulary(JsonElement vocab, string file)
    {
        var tokens = new string?[vocab.EnumerateObject().Count()];
        foreach (var entry in vocab.EnumerateObject())
        {
            var id = entry.Value.GetInt32();
            if (id < 0 || id >= tokens.Length || tokens[id] is not null)
                throw new DecantException($"{file}: the token '{entry.Name}' has the id {id}; expected each of 0 to {tokens.Length - 1} once.");
            tokens[id] = entry.Name;
        }

        return new Vocabulary(tokens!);
    }

    private static void RequireTemplate(JsonElement root, string file)
    {
        var template = root.GetProperty("post_processor");
        var type = TypeOf(template);
        var single = type == "TemplateProcessing" ? string.Concat(template.GetProperty("single").EnumerateArray().Select(piece => piece.EnumerateObject().First().Value.GetProperty("id").GetString())) : "";
        if (single != "[CLS]A[SEP]") throw NotRead(file, "post_processor", type);
    }

    private static INormalizer? ReadNormalizer(JsonElement json, string file) => TypeOf(json) switch
    {
        null => null,
        "Lowercase" => new LowercaseNormalizer(),
        "BertNormalizer" => ReadBertNormalizer(json),
        var type => throw NotRead(file, "normalizer", type),
    };

    private static BertNormalizer ReadBertNormalizer(JsonElement json)
    {
        var lowerCase = json.GetProperty("lowercase").GetBoolean();
        var strip = json.GetProperty("strip_accents");
        return new(json.GetProperty("clean_text").GetBoolean(), json.GetProperty("handle_chinese_chars").GetBoolean(),
            strip.ValueKind == JsonValueKind.Null ? lowerCase : strip.GetBoolean(), lowerCase);
    }

    private static IPreTokenizer ReadPreTokenizer(JsonElement json, string file) => TypeOf(json) switch
    {
        "BertPreTokenizer" => new BertPreTokenizer(),
        "ByteLevel" when !json.GetProperty("add_prefix_space").GetBoolean() => new ByteLevelPreTokenizer(),
        var type => throw NotRead(file, "pre_tokenizer", type),
    };

    private static ITokenModel ReadModel(JsonElement json, Vocabulary vocabulary, string file) => TypeOf(json) switch
    {
        "WordPiece" => new WordPieceModel(vocabulary, json.GetProperty("max_input_chars_per_word").GetInt32()),
        "BPE" => new BpeModel(vocabulary, [.. json.GetProperty("merges").EnumerateArray().Select(merge => ReadMerge(merge.GetString()!))]),
        var type => throw NotRead(file, "model", type),
    };

    private static (string, string) ReadMerge(string merge)
    {
        var parts = merge.Split(' ');
        return parts.Length == 2 ? (parts[0], parts[1]) : throw new FormatException($"the merge '{merge}' is not two tokens");
    }

    private static ITokenDecoder ReadDecoder(JsonElement json, string file) => TypeOf(json) switch
    {
        "WordPiece" => new WordPieceDecoder(json.GetProperty("cleanup").GetBoolean()),
        "ByteLevel" => new ByteLevelDecoder(),
        var type => throw NotRead(file, "decoder", type),
    };

    private static string? TypeOf(JsonElement json) => json.ValueKind == JsonValueKind.Null ? null : json.GetProperty("type").GetString();

    private static DecantException NotRead(string file, string part, string? type) => new(
        $"{file}: the {part} '{type ?? "null"}' is not read yet; expected a tokenizer that Decant trained (wordpiece or byte-bpe).");
}
