using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Text.Configuration;
using Decant.Text.Models;
using Decant.Text.Vocabularies;

namespace Decant.Text.Files;

/// <summary>A SentencePiece model as the equivalent components of a tokenizer.json.</summary>
/// <remarks>
/// The dummy prefix is a <c>Metaspace</c> where extra white space is taken out, and a <c>Prepend</c> where it is not, since a <c>Metaspace</c> adds none before a
/// space. With either, text after a special token in the middle gets a prefix too, as in the tokenizers of <c>transformers</c> that are made of such files. (A
/// <c>Metaspace</c> that adds one to the first part alone adds none to a text after its leading spaces were stripped.)
/// </remarks>
internal static class SentencePieceFile
{
    private const string Space = "▁";

    public static TokenizerParts Read(byte[] file, TokenizerConfig config, string source) => Of(SentencePieceModel.Read(file), config, source);

    /// <summary>The components of a model.</summary>
    public static TokenizerParts Of(SentencePieceModel model, TokenizerConfig config, string source)
    {
        if (model.SpaceIsSuffix) throw NotSupported(source, "treat_whitespace_as_suffix");
        if (!model.EscapesSpaces) throw NotSupported(source, "escape_whitespaces: false");
        if (model.ModelType is not (SentencePieceModel.Unigram or SentencePieceModel.Bpe)) throw NotSupported(source, $"model_type {model.ModelType}");
        var family = Family(config, source);
        var tokens = Vocabulary(model);
        var ids = tokens.Select((piece, id) => (piece.Text, id)).ToDictionary(pair => pair.Text, pair => pair.id, StringComparer.Ordinal);
        var inside = new UserDefinedPieces(model, tokens, source);
        return new TokenizerParts
        {
            Model = model.ModelType == SentencePieceModel.Bpe ? Bpe(model, tokens, ids, inside.AreCutOut)
                : new UnigramModel([.. tokens.Select(piece => (piece.Text, inside.Score(piece)))], Unknown(tokens), model.ByteFallback),
            Added = Added(model, tokens, ids, config, inside, source),
            Normalizer = Normalizer(model),
            PreTokenizer = PreTokenizer(model, inside),
            PostProcessor = Templates.Around(Around(config.AddBos ?? family is "Llama" or "Gemma", "bos_token", family == "Gemma" ? "<bos>" : "<s>"), Around(config.AddEos ?? family == "T5", "eos_token", "</s>")),
            Decoder = Decoder(model),
            Config = config,
            Source = source,
        };

        (string, int)? Around(bool isAdded, string role, string customary) =>
            isAdded && ids.TryGetValue(config.Named.GetValueOrDefault(role) ?? customary, out var id) ? (tokens[id].Text, id) : null;
    }

    /// <summary>
    /// What a class does around a text: Llama's and Gemma's begin it, T5's ends it. Others have frames or numbers of their own, which are not in this file, and are refused;
    /// where nothing is named, as in a file that stands alone, the pieces are all that there is.
    /// </summary>
    private static string? Family(TokenizerConfig config, string source)
    {
        string[] served = ["Llama", "CodeLlama", "Gemma", "T5", "PreTrained"];
        var name = config.Class ?? config.ModelType switch { "llama" or "mistral" => "LlamaTokenizer", "gemma" or "gemma2" => "GemmaTokenizer", "t5" => "T5Tokenizer", _ => null };
        if (name is null) return null;
        var found = Array.Find(served, family => name == $"{family}Tokenizer" || name == $"{family}TokenizerFast")
            ?? throw new DecantException($"{source}: what a {name} adds to this file's pieces is not known; served are {string.Join(", ", served[..^1].Select(family => family + "Tokenizer"))}. Use its tokenizer.json.");
        return found == "CodeLlama" ? "Llama" : found;
    }

    /// <summary>The prefix, where the normalizer does not put it; and pieces that are taken out of the text before merging.</summary>
    private static JsonElement? PreTokenizer(SentencePieceModel model, UserDefinedPieces inside)
    {
        if (model is { AddsPrefix: true, RemovesExtraSpaces: false } && !inside.AreCutOut) return null;
        var spaces = new JsonObject { ["type"] = "Metaspace", ["replacement"] = Space, ["prepend_scheme"] = model.AddsPrefix ? "always" : "never", ["split"] = false };
        var prefixed = model is { AddsPrefix: true, RemovesExtraSpaces: false };
        if (!inside.AreCutOut) return TokenizerParts.Json(spaces);
        List<JsonObject> steps = prefixed ? [inside.Split] : [spaces, inside.Split];
        return Sequence("pretokenizers", steps);
    }

    /// <summary>The pieces by their ids; of a piece that comes twice the later is named by its id, since it can never be made.</summary>
    private static List<SentencePiece> Vocabulary(SentencePieceModel model)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. model.Pieces.Select((piece, id) => seen.Add(piece.Text) ? piece : piece with { Text = $"<duplicate-{id}>", Kind = PieceKind.Unused })];
    }

    private static int Unknown(List<SentencePiece> tokens) =>
        tokens.FindIndex(piece => piece.Kind == PieceKind.Unknown) is var id and >= 0 ? id : throw new FormatException("there is no piece for the unknown");

    private static BpeModel Bpe(SentencePieceModel model, List<SentencePiece> tokens, Dictionary<string, int> ids, bool takesWhole) => new(
        ids, Merges(tokens, ids), new BpeOptions { Unknown = tokens[Unknown(tokens)].Text, FuseUnknown = true, ByteFallback = model.ByteFallback, IgnoreMerges = takesWhole });

    /// <summary>A piece may be made of any two that are pieces; those of the highest score first.</summary>
    private static List<(string Left, string Right)> Merges(List<SentencePiece> tokens, Dictionary<string, int> ids)
    {
        var merges = new List<(string Left, string Right)>();
        foreach (var piece in tokens.Where(piece => piece.Kind is PieceKind.Normal or PieceKind.UserDefined && piece.Text.Length > 1).OrderByDescending(piece => piece.Score))
        {
            var ways = new List<(int Left, int Right)>();
            for (var cut = 1; cut < piece.Text.Length; cut++)
                if (IdOf(piece.Text[..cut]) is var left and >= 0 && IdOf(piece.Text[cut..]) is var right and >= 0) ways.Add((left, right));
            merges.AddRange(ways.Order().Select(way => (tokens[way.Left].Text, tokens[way.Right].Text)));
        }

        return merges;

        int IdOf(string text) => ids.TryGetValue(text, out var id) && tokens[id].Kind is PieceKind.Normal or PieceKind.UserDefined ? id : -1;
    }

    private static List<AddedToken> Added(SentencePieceModel model, List<SentencePiece> tokens, Dictionary<string, int> ids, TokenizerConfig config, UserDefinedPieces inside, string source)
    {
        var own = new List<AddedToken>();
        for (var id = 0; id < tokens.Count; id++)
            if (tokens[id].Kind is PieceKind.Unknown or PieceKind.Control || (tokens[id].Kind == PieceKind.UserDefined && !inside.Has(tokens[id])))
                own.Add(new AddedToken(id, tokens[id].Text, Special: tokens[id].Kind != PieceKind.UserDefined));
        // T5 numbers its extra tokens backwards, after the pieces; the files list their names alone.
        var known = own.Select(token => token.Content).Concat(config.Added.Concat(config.Listed).Select(token => token.Content)).ToHashSet(StringComparer.Ordinal);
        var extra = config.Additional.Where(token => token.StartsWith("<extra_id_", StringComparison.Ordinal) && !known.Contains(token)).ToArray();
        foreach (var token in extra)
            if (int.TryParse(token.AsSpan(10, token.Length - 11), out var number) && number < extra.Length) own.Add(new AddedToken(model.Pieces.Count + extra.Length - 1 - number, token));
        return AddedTokenFiles.Merge(own, ids, config, source);
    }

    private static JsonElement? Normalizer(SentencePieceModel model)
    {
        var steps = new List<JsonObject>();
        if (model.Charsmap.Length > 0) steps.Add(new JsonObject { ["type"] = "Precompiled", ["precompiled_charsmap"] = Convert.ToBase64String(model.Charsmap) });
        if (model.RemovesExtraSpaces)
        {
            steps.Add(new JsonObject { ["type"] = "Strip", ["strip_left"] = true, ["strip_right"] = true });
            steps.Add(Replace("Regex", " {2,}", " "));
        }
        else if (model.AddsPrefix)
        {
            steps.Add(new JsonObject { ["type"] = "Prepend", ["prepend"] = Space });
            steps.Add(Replace("String", " ", Space));
        }

        return steps.Count == 0 ? null : Sequence("normalizers", steps);
    }

    private static JsonElement Decoder(SentencePieceModel model)
    {
        List<JsonObject> steps = [Replace("String", Space, " "), new() { ["type"] = "ByteFallback" }, new() { ["type"] = "Fuse" }];
        if (model.AddsPrefix) steps.Add(new() { ["type"] = "Strip", ["content"] = " ", ["start"] = 1, ["stop"] = 0 });
        return Sequence("decoders", steps);
    }

    private static JsonElement Sequence(string name, IEnumerable<JsonObject> steps) => TokenizerParts.Json(new JsonObject { ["type"] = "Sequence", [name] = new JsonArray([.. steps]) });

    private static JsonObject Replace(string kind, string pattern, string content) =>
        new() { ["type"] = "Replace", ["pattern"] = new JsonObject { [kind] = pattern }, ["content"] = content };

    private static DecantException NotSupported(string source, string option) => new($"{source}: the option '{option}' is not supported; use a model without it.");
}
