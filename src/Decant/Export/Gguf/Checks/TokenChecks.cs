using Decant.Export.Gguf.Format;
using Decant.Export.Gguf.Vocabularies;
using Decant.Text.Models;

namespace Decant.Export.Gguf.Checks;

/// <summary>Whether a file's tokenizer is whole.</summary>
internal static class TokenChecks
{
    private const string Prefix = "tokenizer.ggml.";

    /// <summary>Refuses a tokenizer that contradicts itself.</summary>
    public static void Require(GgufFile file)
    {
        var stored = StoredVocabulary.Of(file);
        var count = stored.Tokens.Count;
        if (count == 0)
            throw file.Fault("its tokenizer has no tokens");
        if (file.List<double>(Prefix + "scores") is { } scores && (scores.Count != count || scores.Any(score => !double.IsFinite(score))))
            throw file.Fault($"its {scores.Count:N0} scores are not a finite number for each of {count:N0} tokens");
        foreach (var key in file.Settings.Keys.Where(key => key.StartsWith(Prefix, StringComparison.Ordinal) && key.EndsWith("_token_id", StringComparison.Ordinal)))
            if (file.Settings[key] is not IReadOnlyList<long> && file.Whole(key) >= count)
                throw file.Fault($"{key} is {file.Whole(key)}, and there are {count:N0} tokens");
        _ = stored.Ids();
        for (var id = 0; id < count; id++)
            if (stored.Kinds[id] == GgufTokenKind.Byte && (stored.Model != "llama" || ByteTokens.ValueOf(stored.Written[id]) < 0))
                throw file.Fault($"the token {id}, '{stored.Written[id]}', is said to be a byte, and is none");
        if (stored.Model == "llama" && Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>").Except(stored.Written).FirstOrDefault() is { } lacking)
            throw file.Fault($"its tokenizer lacks the token {lacking} of a byte");
    }
}
