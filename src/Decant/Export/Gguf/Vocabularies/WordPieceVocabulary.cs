using System.Globalization;
using System.Text.Json;
using Decant.Text.Configuration;
using Decant.Text.Models;

namespace Decant.Export.Gguf.Vocabularies;

/// <summary>BERT's WordPiece as llama.cpp has it (<c>bert</c>): tokens that begin a word are written with ▁ before them, those inside a word without their ##.</summary>
internal static class WordPieceVocabulary
{
    private const string WordBegin = "▁";

    /// <summary>Adds the tokens and how text is prepared.</summary>
    /// <exception cref="DecantException">Text is prepared in another way than BERT's.</exception>
    public static void Add(GgufVocabulary made, TokenizerParts parts, WordPieceModel model, int rows)
    {
        var (normalizer, cutter) = (TokenizerSteps.Of(parts.Normalizer), TokenizerSteps.Of(parts.PreTokenizer));
        if (normalizer is not [var bert] || bert.Type() != "BertNormalizer")
            throw GgufVocabulary.Refused($"its WordPiece reads text after {(normalizer.Count == 0 ? "no normalizer" : normalizer.Names())}, and llama.cpp's after BertNormalizer");
        if (cutter is not [var words] || words.Type() != "BertPreTokenizer")
            throw GgufVocabulary.Refused($"its WordPiece cuts text by {(cutter.Count == 0 ? "no pre_tokenizer" : cutter.Names())}, and llama.cpp's by BertPreTokenizer");
        foreach (var (name, about) in new[] { ("clean_text", "control characters stay"), ("handle_chinese_chars", "Chinese characters are not apart") })
            if (!bert.Bool(name, true))
                throw GgufVocabulary.Refused($"{about} in it ({name}: false), which llama.cpp's WordPiece does not do");
        var lowers = bert.Bool("lowercase", true);
        var strips = bert.TryGetProperty("strip_accents", out var accents) && accents.ValueKind is JsonValueKind.True or JsonValueKind.False ? accents.GetBoolean() : lowers;
        made.Set("model", "bert");
        made.Set("normalizer.lowercase", lowers);
        made.Set("normalizer.strip_accents", strips);
        if (!lowers || !strips)
            made.Notes.Add("case or accents are kept, which llama.cpp does since 2026 (tokenizer.ggml.normalizer.*): an older one drops both");
        if (strips && model.Vocabulary.Keys.Any(token => token.Any(c => char.GetUnicodeCategory(c) == UnicodeCategory.SpacingCombiningMark)))
            made.Notes.Add("with accents llama.cpp drops all combining marks, among them vowels of scripts such as Devanagari, Tamil and Khmer, for which the tokenizer has tokens: texts in these scripts have other tokens there");
        var prefix = model.SubwordPrefix!;
        made.SetTokens(parts, rows, token => token.StartsWith(prefix, StringComparison.Ordinal) && token.Length > prefix.Length ? token[prefix.Length..] : WordBegin + token, _ => GgufTokenKind.Normal);
    }
}
