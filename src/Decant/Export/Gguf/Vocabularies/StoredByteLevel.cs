using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Text.Configuration;
using Decant.Text.Models;
using Decant.Text.PreTokenization;

namespace Decant.Export.Gguf.Vocabularies;

/// <summary>Byte-level BPE in a GGUF file, as the equivalent components of a tokenizer.json.</summary>
internal static class StoredByteLevel
{
    private const string Bytes = """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}""";

    /// <summary>The components. Text is not normalized: llama.cpp does not do it.</summary>
    public static TokenizerParts Read(StoredVocabulary stored)
    {
        var (cutter, takesWords, begins) = CutOf(stored);
        var ids = stored.Ids();
        var merges = stored.List<string>("merges", null).Select(merge => Pair(stored, merge, ids)).ToArray();
        return new TokenizerParts
        {
            Model = new BpeModel(ids, merges, new BpeOptions { IgnoreMerges = takesWords }),
            Added = stored.Added(),
            PreTokenizer = cutter,
            PostProcessor = Templates.Around(
                stored.Bool("add_bos_token") ?? begins ? stored.Named("bos_token_id") : null, stored.Bool("add_eos_token") ?? false ? stored.Named("eos_token_id") : null) ?? TokenizerParts.Json(Bytes),
            Decoder = TokenizerParts.Json("""{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}"""),
            Config = stored.Config,
            Source = stored.Source,
        };
    }

    private static (JsonElement Cutter, bool TakesWords, bool Begins) CutOf(StoredVocabulary stored) => stored.Cut switch
    {
        "gpt-2" => (TokenizerParts.Json(Bytes), false, false),
        "llama-bpe" or "llama3" or "llama-v3" => (Split(WordPattern.Llama3), true, true),
        "qwen2" or "deepseek-r1-qwen" => (Split(WordPattern.Qwen2), false, false),
        "smollm" => (Sequence(new JsonObject { ["type"] = "Digits", ["individual_digits"] = true }, JsonNode.Parse(Bytes)!), false, false),
        var other => throw stored.Refused($"byte-level BPE that cuts text by '{other}' (tokenizer.ggml.pre; served are gpt-2, llama-bpe, qwen2 and smollm)"),
    };

    private static JsonElement Split(WordPattern pattern) => Sequence(
        new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = pattern.Expression }, ["behavior"] = "Isolated", ["invert"] = false },
        new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = false });

    private static JsonElement Sequence(params JsonNode[] steps) => TokenizerParts.Json(new JsonObject { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray(steps) });

    // A space within a token is written Ġ, so that the only one stands between the two.
    private static (string Left, string Right) Pair(StoredVocabulary stored, string merge, Dictionary<string, int> ids) =>
        merge.Split(' ') is [var left, var right] && ids.ContainsKey(left) && ids.ContainsKey(right) && ids.ContainsKey(left + right)
            ? (left, right) : throw stored.Refused($"damaged: the merge '{merge}' is not of two tokens that make one");
}
