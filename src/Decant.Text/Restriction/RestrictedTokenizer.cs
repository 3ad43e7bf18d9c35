using Decant.Text.Configuration;

namespace Decant.Text.Restriction;

/// <summary>A tokenizer with only some of the tokens of another.</summary>
/// <param name="Tokenizer">The tokenizer; of the texts that it was made for it gives the ids of the other, renumbered.</param>
/// <param name="Kept">By its ids, those of the other; rising.</param>
/// <param name="Whole">The other.</param>
internal sealed record RestrictedTokenizer(ITokenizer Tokenizer, IReadOnlyList<int> Kept, ITokenizer Whole);

/// <summary>Leaves tokens out of a tokenizer.</summary>
internal static class TokenizerRestriction
{
    /// <summary>Keeps the tokens that some texts use, the special and added ones, and those without which the others could not be made.</summary>
    /// <remarks>
    /// For BPE, all tokens that lead to a kept one by merges, and the bytes; for WordPiece, also those that were tried in words which are unknown in the end; for
    /// Unigram, the characters of kept tokens, the bytes, and the least probable token, which the score of the unknown depends on. Other texts are cut into more
    /// tokens than before, or have unknown ones.
    /// </remarks>
    /// <param name="tokenizer">One that was loaded or trained; stays as it is.</param>
    /// <param name="texts">All texts that are to give the same tokens as before; read once.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="NotSupportedException">The tokenizer is of no known make.</exception>
    public static RestrictedTokenizer Restrict(this ITokenizer tokenizer, IEnumerable<string> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var own = tokenizer as Tokenizer ?? throw new NotSupportedException($"A tokenizer of type {tokenizer?.GetType().Name ?? "null"} cannot be restricted.");
        return Restrict(own, Used(own.Parts, texts, cancellationToken));
    }

    /// <summary>Leaves out the tokens that stand in a vocabulary for others to use, such as [unused12]; texts give the same tokens as before.</summary>
    /// <param name="tokenizer">One that was loaded or trained; stays as it is.</param>
    /// <exception cref="NotSupportedException">The tokenizer is of no known make.</exception>
    public static RestrictedTokenizer WithoutPlaceholders(this ITokenizer tokenizer)
    {
        var own = tokenizer as Tokenizer ?? throw new NotSupportedException($"A tokenizer of type {tokenizer?.GetType().Name ?? "null"} cannot be restricted.");
        return Restrict(own, [.. own.TokenToId.Where(t => !ContentlessTokens.IsPlaceholder(t.Key)).Select(t => t.Value)]);
    }

    private static RestrictedTokenizer Restrict(Tokenizer own, HashSet<int> kept)
    {
        kept.UnionWith(Fixed(own));
        kept.UnionWith(own.Parts.Model.NeededBy(kept));
        kept.IntersectWith(own.TokenToId.Values); // a template may name an id that has no token

        int[] ids = [.. kept.Order()];
        var numbers = new Dictionary<int, int>(ids.Length);
        foreach (var id in ids) numbers[id] = numbers.Count;
        return new RestrictedTokenizer(new Tokenizer(Renumbered(own.Parts, numbers)), ids, own);
    }

    private static HashSet<int> Used(TokenizerParts parts, IEnumerable<string> texts, CancellationToken cancellationToken)
    {
        var used = new HashSet<int>();
        var recording = new Tokenizer(parts with { Model = new RecordingModel(parts.Model, used) }); // remembers no words yet, so each is seen
        foreach (var text in texts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            used.UnionWith(recording.Encode(text));
        }

        return used;
    }

    /// <summary>The tokens that are always kept.</summary>
    private static IEnumerable<int> Fixed(Tokenizer tokenizer)
    {
        var special = tokenizer.Special;
        int?[] roles = [special.Pad, special.Unknown, special.Classification, special.Separator, special.Mask, special.Bos, special.Eos, tokenizer.Padding?.Id];
        return [.. roles.OfType<int>(), .. special.Additional, .. tokenizer.Parts.Added.Select(token => token.Id),
            .. tokenizer.Template.Single.Concat(tokenizer.Template.Pair).SelectMany(piece => piece.Ids)];
    }

    private static TokenizerParts Renumbered(TokenizerParts parts, Dictionary<int, int> numbers) => parts with
    {
        Model = parts.Model.Restricted(numbers),
        Added = [.. parts.Added.Select(token => token with { Id = numbers[token.Id] })],
        PostProcessor = NumberedJson.PostProcessor(parts.PostProcessor, numbers),
        Padding = NumberedJson.Padding(parts.Padding, numbers),
        Config = parts.Config with { Added = [] },
        Source = $"{parts.Source}, restricted",
    };
}
