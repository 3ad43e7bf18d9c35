using System.Text.Json;
using Decant.Text.Models;

namespace Decant.Text.Configuration;

/// <summary>Makes the model of a tokenizer.json.</summary>
internal static class ModelReader
{
    public static TokenModel Read(JsonElement json, string source)
    {
        var c = new Component(json, $"{source}: model");
        TokenModel made = (c.Type ?? Guess(c)) switch
        {
            "BPE" => Bpe(c),
            "WordPiece" => new WordPieceModel(Vocabulary(c), c.Text("unk_token", "[UNK]"), c.Text("continuing_subword_prefix", WordPieceModel.Prefix), c.Int("max_input_chars_per_word", 100)),
            "WordLevel" => new WordLevelModel(Vocabulary(c), c.Text("unk_token", "<unk>")),
            "Unigram" => Unigram(c),
            _ => throw c.NotSupported("model"),
        };
        c.End();
        return made;
    }

    /// <summary>Files of the first years do not say what their model is.</summary>
    private static string Guess(Component c) =>
        c.Has("merges") ? "BPE" : c.Has("max_input_chars_per_word") ? "WordPiece" : c.Has("vocab") && c.Raw("vocab", false).ValueKind == JsonValueKind.Array ? "Unigram" : "WordLevel";

    private static BpeModel Bpe(Component c)
    {
        if (c.Has("dropout") && c.Raw("dropout").GetDouble() != 0) throw new DecantException($"{c.Path}: BPE has a dropout, which makes ids that differ from time to time; set it to null.");
        var options = new BpeOptions
        {
            Unknown = c.OptionalText("unk_token"),
            Prefix = c.Text("continuing_subword_prefix", ""),
            Suffix = c.Text("end_of_word_suffix", ""),
            FuseUnknown = c.Bool("fuse_unk", false),
            ByteFallback = c.Bool("byte_fallback", false),
            IgnoreMerges = c.Bool("ignore_merges", false),
        };
        return new BpeModel(Vocabulary(c), [.. c.List("merges", false).Select(merge => Merge(c, merge))], options);
    }

    private static (string Left, string Right) Merge(Component c, JsonElement merge)
    {
        if (merge.ValueKind == JsonValueKind.Array && merge.GetArrayLength() == 2 && merge[0].ValueKind == JsonValueKind.String && merge[1].ValueKind == JsonValueKind.String) return (merge[0].GetString()!, merge[1].GetString()!);
        var parts = merge.ValueKind == JsonValueKind.String ? merge.GetString()!.Split(' ') : [];
        return parts.Length == 2 ? (parts[0], parts[1]) : throw new DecantException($"{c.Path}.merges: expected two tokens, came {merge.GetRawText()}.");
    }

    private static UnigramModel Unigram(Component c)
    {
        var tokens = c.List("vocab", false).Select(entry => (Token: entry[0].GetString()!, Score: entry[1].GetDouble())).ToArray();
        if (tokens.GroupBy(t => t.Token, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any())?.Key is { } twice)
            throw new DecantException($"{c.Path}.vocab: the token '{twice}' stands there twice, so that one of its ids means nothing; export the tokenizer again.");
        return new UnigramModel(tokens, c.Has("unk_id") ? c.Int("unk_id") : null, c.Bool("byte_fallback", false));
    }

    private static Dictionary<string, int> Vocabulary(Component c)
    {
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        var json = c.Raw("vocab", false);
        if (json.ValueKind != JsonValueKind.Object) throw c.Wrong("vocab", "tokens with their ids");
        foreach (var entry in json.EnumerateObject()) vocabulary[entry.Name] = entry.Value.GetInt32();
        return vocabulary;
    }
}
