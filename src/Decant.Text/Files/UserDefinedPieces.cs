using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Decant.Text.Normalization;

namespace Decant.Text.Files;

/// <summary>User-defined pieces of a SentencePiece model that are found in the text after spaces became ▁ and the first one was put before it, as SentencePiece does.</summary>
/// <remarks>
/// Added tokens of a tokenizer.json are found in the text as it came: the spaces before and behind them would be stripped as a part's own, and a text that begins with one
/// would get no ▁. So a Unigram model has them among its tokens with a score that no other cut reaches, and a BPE model gets them cut out beforehand. Pieces that the rules
/// of normalisation change, from which SentencePiece keeps them, remain added tokens; so do all of a model that neither strips spaces nor puts one before a text.
/// Source: <c>unigram_model.cc</c> (EncodeOptimized), <c>bpe_model.cc</c> and <c>PrefixMatcher</c> of SentencePiece.
/// </remarks>
internal sealed class UserDefinedPieces
{
    private readonly HashSet<string> _inside;
    private readonly double _highest;

    /// <param name="model">The model.</param>
    /// <param name="tokens">Its pieces by id.</param>
    /// <param name="source">The file, for errors.</param>
    public UserDefinedPieces(SentencePieceModel model, List<SentencePiece> tokens, string source)
    {
        var isBpe = model.ModelType == SentencePieceModel.Bpe;
        var charsmap = model.Charsmap.Length > 0 ? new PrecompiledNormalizer(model.Charsmap, source) : null;
        _inside = model.AddsPrefix || model.RemovesExtraSpaces ? [.. tokens.Where(piece => piece.Kind == PieceKind.UserDefined && IsFound(piece.Text)).Select(piece => piece.Text)] : [];
        _highest = Math.Max(0, tokens.Where(piece => piece.Kind == PieceKind.Normal).Select(piece => (double)piece.Score).DefaultIfEmpty(0).Max());
        AreCutOut = isBpe && _inside.Count > 0;

        // In the text as it is after normalisation; expressions name no characters beyond the basic plane.
        bool IsFound(string text) => text.Length > 0 && (charsmap is null || charsmap.Normalize(text) == text) && !text.Contains(' ', StringComparison.Ordinal) && !(isBpe && text.Any(char.IsSurrogate));
    }

    /// <summary>Whether they are words of their own before tokens are made.</summary>
    public bool AreCutOut { get; }

    /// <summary>The longest first.</summary>
    public JsonObject Split => new()
    {
        ["type"] = "Split",
        ["pattern"] = new JsonObject { ["Regex"] = string.Join('|', _inside.OrderByDescending(text => text.Length).ThenBy(text => text, StringComparer.Ordinal).Select(Escaped)) },
        ["behavior"] = "Isolated",
        ["invert"] = false,
    };

    public bool Has(SentencePiece piece) => piece.Kind == PieceKind.UserDefined && _inside.Contains(piece.Text);

    /// <summary>In a Unigram model.</summary>
    public double Score(SentencePiece piece) => Has(piece) ? (piece.Text.Length * _highest) - 0.1 : piece.Score;

    private static string Escaped(string text) => Regex.Replace(text, @"[\\^$.|?*+()\[\]{}\-&]", @"\$0");
}
