using System.Text.Encodings.Web;
using System.Text.Json;

namespace Decant.Text;

/// <summary>Saves and loads tokenizers in Hugging Face's layout.</summary>
public static class TokenizerFile
{
    private const string Main = "tokenizer.json";
    private const string Config = "tokenizer_config.json";

    /// <summary>Writes tokenizer.json and tokenizer_config.json, which <c>tokenizers</c>, <c>transformers</c> and <c>transformers.js</c> load.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="folder">An existing folder; files of these names are replaced.</param>
    /// <param name="maxTokens">The most tokens that the model reads.</param>
    public static void Save(ITokenizer tokenizer, string folder, int maxTokens)
    {
        var own = tokenizer as Tokenizer ?? throw new NotSupportedException($"A tokenizer of type {tokenizer?.GetType().Name ?? "null"} has no tokenizer.json.");
        AtomicFile.Write(Path.Combine(folder, Main), TokenizerJson.Write(own));
        AtomicFile.Write(Path.Combine(folder, Config), WriteConfig(own, maxTokens));
    }

    /// <summary>Reads the tokenizer.json of a folder.</summary>
    /// <exception cref="DecantException">There is none, it is malformed, or it has a part that is not read yet.</exception>
    public static ITokenizer Load(string folder)
    {
        var file = Path.Combine(folder, Main);
        try
        {
            return TokenizerJson.Read(File.ReadAllBytes(file), file);
        }
        catch (IOException e)
        {
            throw new DecantException($"{file}: the tokenizer cannot be read: {e.Message}", inner: e);
        }
    }

    private static byte[] WriteConfig(Tokenizer tokenizer, int maxTokens)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("tokenizer_class", tokenizer.Model is WordPieceModel ? "BertTokenizer" : "PreTrainedTokenizerFast");
            if (tokenizer.Normalizer is BertNormalizer bert)
            {
                json.WriteBoolean("do_lower_case", bert.LowerCase);
                json.WriteBoolean("strip_accents", bert.StripAccents);
                json.WriteBoolean("tokenize_chinese_chars", true);
            }

            json.WriteNumber("model_max_length", maxTokens);
            json.WriteString("pad_token", tokenizer.TokenOf(tokenizer.Special.Pad));
            json.WriteString("unk_token", tokenizer.TokenOf(tokenizer.Special.Unknown));
            json.WriteString("cls_token", tokenizer.TokenOf(tokenizer.Special.Classification));
            json.WriteString("sep_token", tokenizer.TokenOf(tokenizer.Special.Separator));
            json.WriteString("mask_token", tokenizer.TokenOf(tokenizer.Special.Mask));
            json.WriteBoolean("clean_up_tokenization_spaces", false);
            json.WriteEndObject();
        }

        memory.WriteByte((byte)'\n');
        return memory.ToArray();
    }
}
