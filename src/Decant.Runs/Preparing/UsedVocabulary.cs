using System.Globalization;
using Decant.Data;
using Decant.Data.Tokens;
using Decant.Runs.Recipes.Schema;
using Decant.Text;
using Decant.Text.Restriction;

namespace Decant.Runs.Preparing;

/// <summary>Leaves those tokens out of a tokenizer that the training texts do not use.</summary>
internal static class UsedVocabulary
{
    /// <summary>What a recipe says is kept; null: all.</summary>
    public static RestrictedTokenizer? Of(KeptVocabulary? kept, ITokenizer? tokenizer, IReadOnlyList<Dataset> train, CancellationToken cancellationToken) => kept switch
    {
        KeptVocabulary.Used => Of(tokenizer!, train, cancellationToken),
        KeptVocabulary.Named => tokenizer!.WithoutPlaceholders(),
        _ => null,
    };

    public static RestrictedTokenizer Of(ITokenizer tokenizer, Dataset train, CancellationToken cancellationToken) => Of(tokenizer, [train], cancellationToken);

    public static RestrictedTokenizer Of(ITokenizer tokenizer, IReadOnlyList<Dataset> train, CancellationToken cancellationToken) => tokenizer.Restrict(train.SelectMany(Texts), cancellationToken);

    /// <summary>A remark that describes it.</summary>
    public static string Description(KeptVocabulary? kept, RestrictedTokenizer restricted) => string.Create(
        CultureInfo.InvariantCulture,
        $"input.vocabulary: {restricted.Kept.Count:N0} of the tokenizer's {restricted.Whole.TokenToId.Count:N0} tokens are kept, {(kept == KeptVocabulary.Named ? "all but placeholders that no text becomes" : "those that the training texts use and what these are made of")}.");

    /// <summary>The texts as they are tokenized: running text in pieces, tagged words one by one.</summary>
    private static IEnumerable<string> Texts(Dataset train) => train[0].Content switch
    {
        TextContent { Pair: null } => Enumerable.Range(0, train.Count).SelectMany(i => Pieces(train, i)),
        WordsContent => Enumerable.Range(0, train.Count).SelectMany(i => ((WordsContent)train[i].Content).Words).SelectMany(word => new[] { word, " " + word }),
        _ => DataPreparation.Texts(train),
    };

    private static IEnumerable<string> Pieces(Dataset train, int i)
    {
        var text = ((TextContent)train[i].Content).Text;
        yield return text;
        if (text.Length <= TextPieces.MostChars) yield break;
        using var reader = train.OpenText(i);
        foreach (var piece in TextPieces.Cut(reader)) yield return piece;
    }
}
