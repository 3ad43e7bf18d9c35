using Decant.Export.Gguf.Vocabularies;
using Decant.LLama.Native;
using Decant.Text;

namespace Decant.LLama;

/// <summary>Whether a tokenizer gives the ids that llama.cpp gives.</summary>
internal static class TokenizerAgreement
{
    /// <summary>How many texts are compared.</summary>
    public const int Compared = 200;

    private const int Longest = 2_000; // characters of a text that are compared

    /// <summary>Refuses a tokenizer with other tokens than the file has.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="stored">The file's.</param>
    /// <exception cref="DecantException">They differ: the first ids that do.</exception>
    public static void RequireTokens(ITokenizer tokenizer, StoredVocabulary stored)
    {
        if (Differing(tokenizer, stored) is { } difference)
            throw new DecantException($"{stored.Source} was made with another tokenizer: {difference}. Leave input.tokenizer out, and teacher and student read with the file's.");
    }

    /// <summary>How the tokens differ from the file's; null: they do not.</summary>
    public static string? Differing(ITokenizer tokenizer, StoredVocabulary stored)
    {
        var size = Math.Max(tokenizer.VocabularySize, stored.Tokens.Count);
        var ours = new string?[size];
        foreach (var (token, id) in tokenizer.TokenToId)
            ours[id] = token;
        string[] differing = [.. Enumerable.Range(0, size).Where(id => !Agree(ours[id], id, stored)).Select(id => $"{id} is {Shown(stored.Tokens.ElementAtOrDefault(id))} in the file and {Shown(ours[id])} in the tokenizer")];
        return differing.Length == 0 ? null : FormattableString.Invariant(
            $"it has {stored.Tokens.Count:N0} tokens, the recipe's {tokenizer.VocabularySize:N0}, and {differing.Length:N0} ids differ ({string.Join(", ", differing.Take(3))}{(differing.Length > 3 ? ", …" : "")})");
    }

    // A row without a token is unused there; of pieces that come twice the later is named by its id here.
    private static bool Agree(string? ours, int id, StoredVocabulary stored)
    {
        if (id >= stored.Tokens.Count)
            return false;
        return ours == stored.Tokens[id] || ours == $"<duplicate-{id}>" || (ours is null && stored.Kinds[id] == GgufTokenKind.Unused);
    }

    /// <summary>Compares the ids of texts with those of llama.cpp.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="file">The opened file.</param>
    /// <param name="texts">Texts; the first 200 are compared.</param>
    /// <param name="isFramed">Whether the tokens around a text are compared too.</param>
    /// <exception cref="DecantException">They differ: the text, and both ids.</exception>
    public static void RequireIds(ITokenizer tokenizer, LlamaFile file, IEnumerable<string> texts, bool isFramed)
    {
        foreach (var text in texts.Take(Compared).Select(Cut))
        {
            var ours = isFramed ? tokenizer.EncodeForModel(text, null, int.MaxValue).Ids : tokenizer.Encode(text);
            var theirs = file.Tokenize(text, isFramed);
            if (ours.AsSpan().SequenceEqual(theirs))
                continue;
            var at = ours.AsSpan().CommonPrefixLength(theirs);
            throw new DecantException($"{file.File.Path}: its tokenizer and llama.cpp's disagree about the text '{Around(text)}', from token {at + 1} on: {Ids(ours, at)} here, {Ids(theirs, at)} there. Take such texts out, or name the tokenizer that the model was trained with as input.tokenizer.");
        }
    }

    private static string Cut(string text) => text.Length <= Longest ? text : text[..(char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest)];

    private static string Around(string text) => (text.Length > 120 ? text[..120] + "…" : text).ReplaceLineEndings(" ");

    private static string Ids(int[] ids, int from) => $"[{(from > 2 ? "… " : "")}{string.Join(' ', ids.Skip(Math.Max(0, from - 2)).Take(8))}{(ids.Length > from + 6 ? " …" : "")}]";

    private static string Shown(string? token) => token is null ? "nothing" : $"'{token}'";
}
