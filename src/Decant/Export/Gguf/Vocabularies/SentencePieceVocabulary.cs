using System.Text.Json;
using Decant.Text.Configuration;
using Decant.Text.Models;

namespace Decant.Export.Gguf.Vocabularies;

/// <summary>SentencePiece's BPE with bytes for the unknown, Llama's, as llama.cpp has it (<c>llama</c>): every token has a score, and of the neighbours whose text is a token those of the highest are joined.</summary>
internal static class SentencePieceVocabulary
{
    private const string Space = "▁";

    /// <summary>Adds the tokens with their scores.</summary>
    /// <exception cref="DecantException">Text is prepared in another way, or merges are not those that scores give.</exception>
    public static void Add(GgufVocabulary made, TokenizerParts parts, BpeModel model, int rows)
    {
        if (Enumerable.Range(0, 256).FirstOrDefault(value => !model.Vocabulary.ContainsKey(ByteTokens.Name(value)), -1) is var lacking and >= 0)
            throw GgufVocabulary.Refused($"it has no token for the byte {ByteTokens.Name(lacking)}, and llama.cpp stops where it needs one");
        if (model.Options is not { Prefix: "", Suffix: "" })
            throw GgufVocabulary.Refused("its BPE marks the inside or the end of words (continuing_subword_prefix, end_of_word_suffix)");
        var adds = AddsSpace(made, parts, model);
        var special = parts.Added.Select(token => token.Content).ToHashSet(StringComparer.Ordinal);
        var scores = Scores(model, special, rows);
        made.Set("model", "llama");
        made.Set("pre", "default");
        made.SetTokens(parts, rows, token => token, token => ByteTokens.ValueOf(token) >= 0 ? GgufTokenKind.Byte : GgufTokenKind.Normal);
        made.Set("scores", scores);
        made.Set("add_space_prefix", adds);
    }

    /// <summary>Whether a text gets a space before it; spaces are written ▁ in any case.</summary>
    private static bool AddsSpace(GgufVocabulary made, TokenizerParts parts, BpeModel model)
    {
        var (normalizer, cutter) = (TokenizerSteps.Of(parts.Normalizer), TokenizerSteps.Of(parts.PreTokenizer));
        if (normalizer is [var prepend, var replace] && prepend.Type() == "Prepend" && prepend.Text("prepend") == Space && Replaces(replace, "String", " ", Space) && cutter.Count == 0)
            return true;
        if (normalizer is [var only] && Replaces(only, "String", " ", Space) && cutter.Count == 0)
            return false;
        if (cutter is not [var spaces] || spaces.Type() != "Metaspace" || (spaces.Text("replacement") ?? Space) != Space)
            throw GgufVocabulary.Refused($"text goes through {(normalizer.Count == 0 ? "no normalizer" : normalizer.Names())} and {(cutter.Count == 0 ? "no pre_tokenizer" : cutter.Names())}, and llama.cpp writes spaces as ▁ and does no more");
        if (spaces.Bool("split", true) && model.Vocabulary.Keys.FirstOrDefault(token => token.IndexOf('▁', 1) > 0) is { } across)
            throw GgufVocabulary.Refused($"words are cut apart before they are merged (Metaspace with split: true), and its token '{across}' reaches over a space: llama.cpp would make it");
        var scheme = spaces.Text("prepend_scheme") ?? (spaces.Bool("add_prefix_space", true) ? "always" : "never");
        if (normalizer is [var strip, var runs] && strip.Type() == "Strip" && Replaces(runs, "Regex", " {2,}", " "))
            made.Notes.Add("the tokenizer drops spaces at the ends of a text and makes one of several (remove_extra_whitespaces), which llama.cpp does not do: text with such spaces has other tokens there");
        else if (normalizer.Count > 0)
            throw GgufVocabulary.Refused($"text goes through {normalizer.Names()} before it is cut, which llama.cpp does not do");
        else if (scheme != "never")
            made.Notes.Add("the tokenizer adds no space before a text that begins with one, and llama.cpp does");
        return scheme != "never";
    }

    private static bool Replaces(JsonElement step, string kind, string pattern, string content) => step.Type() == "Replace" && step.Pattern(kind) == pattern && step.Text("content") == content;

    /// <summary>The scores that give the merges: the earlier a token is made, the higher. All ways to make a token of two others must be merges, one after the other.</summary>
    private static float[] Scores(BpeModel model, HashSet<string> special, int rows)
    {
        var scores = new float[rows];
        var listed = new HashSet<(string, string)>(model.Merges);
        var made = new HashSet<string>(StringComparer.Ordinal);
        var last = "";
        foreach (var (left, right) in model.Merges)
        {
            var token = left + right;
            if (token == last)
                continue;
            if (!made.Add(token))
                throw GgufVocabulary.Refused($"its merges that make '{token}' do not come one after the other, and llama.cpp goes by a score of each token");
            last = token;
            scores[model.Vocabulary[token]] = -made.Count;
        }

        foreach (var token in model.Vocabulary.Keys.Where(IsPiece))
        {
            for (var cut = 1; cut < token.Length; cut++)
            {
                if (listed.Contains((token[..cut], token[cut..])) || !IsToken(token[..cut]) || !IsToken(token[cut..]))
                    continue;
                throw GgufVocabulary.Refused($"'{token[..cut]}' and '{token[cut..]}' are tokens that do not become '{token}' in it, and llama.cpp joins all that make a token");
            }
        }

        foreach (var (token, id) in model.Vocabulary)
            if (scores[id] == 0 && IsPiece(token))
                scores[id] = -made.Count - 1;
        return scores;

        bool IsPiece(string token) => ByteTokens.ValueOf(token) < 0 && !special.Contains(token);

        bool IsToken(string token) => model.Vocabulary.ContainsKey(token) && IsPiece(token);
    }
}
