using System.Text.Json;
using Decant.Text.Configuration;
using Decant.Text.Models;
using Decant.Text.PreTokenization;

namespace Decant.Export.Gguf.Vocabularies;

/// <summary>Byte-level BPE as llama.cpp has it (<c>gpt2</c>): tokens and merges as they are, and the name of how text is cut, of a fixed list.</summary>
internal static class ByteLevelVocabulary
{
    // How text is cut: the expression, llama.cpp's name for it, and whether a word of the vocabulary is one token there regardless of the merges.
    private static readonly (string? Expression, string Name, bool TakesWords)[] s_cuts =
    [
        (WordPattern.Gpt2.Expression, "gpt-2", false), (WordPattern.Llama3.Expression, "llama-bpe", true), (WordPattern.Qwen2.Expression, "qwen2", false),
    ];

    /// <summary>Adds the tokens and how text is cut.</summary>
    /// <exception cref="DecantException">Text is cut or prepared in a way that is not in the list.</exception>
    public static void Add(GgufVocabulary made, TokenizerParts parts, BpeModel model, int rows)
    {
        if (model.Options is not { Prefix: "", Suffix: "" })
            throw GgufVocabulary.Refused("its BPE marks the inside or the end of words (continuing_subword_prefix, end_of_word_suffix)");
        if (ByteLevel.Alphabet.FirstOrDefault(letter => !model.Vocabulary.ContainsKey(letter)) is { } lacking)
            throw GgufVocabulary.Refused($"its BPE is not of bytes, or lacks some (byte {ByteLevel.Byte(lacking[0])}, written '{lacking}')");
        Prepared(made, parts);
        var (_, name, takesWords) = CutOf(parts);
        if (takesWords != model.Options.IgnoreMerges && Unreachable(model, takesWords) is { } token)
            throw GgufVocabulary.Refused($"words of the vocabulary are {(takesWords ? "made by merges alone" : "taken whole")} in it (ignore_merges), and llama.cpp does the opposite where text is cut as '{name}': '{token}' would be another token");
        made.Set("model", "gpt2");
        made.Set("pre", name);
        made.SetTokens(parts, rows, token => token, _ => GgufTokenKind.Normal);
        made.Set("merges", model.Merges.Select(merge => $"{merge.Left} {merge.Right}").ToArray());
    }

    private static void Prepared(GgufVocabulary made, TokenizerParts parts)
    {
        var steps = TokenizerSteps.Of(parts.Normalizer);
        if (steps is [var one] && one.Type() == "NFC")
            made.Notes.Add("the tokenizer composes characters first (NFC), which llama.cpp does not do: text in which letters and their accents are apart has other tokens there");
        else if (steps.Count > 0)
            throw GgufVocabulary.Refused($"text goes through {steps.Names()} before it is cut, which llama.cpp does not do");
    }

    private static (string? Expression, string Name, bool TakesWords) CutOf(TokenizerParts parts)
    {
        var steps = TokenizerSteps.Of(parts.PreTokenizer);
        if (steps.Any(step => step.Type() == "ByteLevel" && step.Bool("add_prefix_space", true)))
            throw GgufVocabulary.Refused("it puts a space before every text (add_prefix_space), which llama.cpp's BPE does not do");
        var expression = steps switch
        {
            [var bytes] when bytes.Type() == "ByteLevel" && bytes.Bool("use_regex", true) => WordPattern.Gpt2.Expression,
            [var split, var bytes] when split.Type() == "Split" && bytes.Type() == "ByteLevel" && !bytes.Bool("use_regex", true) && Keeps(split) => split.Pattern("Regex"),
            _ => null,
        };
        var cut = expression is null ? default : Array.Find(s_cuts, known => known.Expression == expression);
        return cut.Name is not null ? cut : throw GgufVocabulary.Refused(
            $"text is cut by {(steps.Count == 0 ? "nothing" : steps.Names())}{(expression is null ? "" : $" with '{expression}'")}; known are the ways of {string.Join(", ", s_cuts.Select(known => known.Name))}");
    }

    private static bool Keeps(JsonElement split) => (split.Text("behavior"), split.Bool("invert", false)) is ("Isolated", _) or ("Removed", true);

    /// <summary>A token that merges alone do not make of its own text; null: they make all of them, and it does not matter.</summary>
    private static string? Unreachable(BpeModel model, bool takesWords)
    {
        var merging = takesWords ? model : new BpeModel(model.Vocabulary.ToDictionary(StringComparer.Ordinal), model.Merges, model.Options with { IgnoreMerges = false });
        var made = new List<Token>();
        foreach (var token in model.Vocabulary.Keys.Where(token => token.Length > 0 && token.All(c => ByteLevel.Byte(c) >= 0)))
        {
            made.Clear();
            merging.Encode(token, made);
            if (made.Count != 1 && !IsSpecial(token))
                return token;
        }

        return null;

        bool IsSpecial(string token) => token.StartsWith("<|", StringComparison.Ordinal) || token.StartsWith('[');
    }
}
