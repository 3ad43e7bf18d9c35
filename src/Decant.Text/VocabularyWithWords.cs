using Decant.Text.Vocabularies;

namespace Decant.Text;

/// <summary>A tokenizer with whole words, or phrases, as tokens of their own.</summary>
/// <param name="Tokenizer">The tokenizer; where none of the words is in a text, it gives the ids of the other.</param>
/// <param name="Pieces">What the other makes of each word that was added, by the word's new id.</param>
/// <param name="LeftOut">The words that were not added.</param>
internal sealed record VocabularyWithWords(ITokenizer Tokenizer, IReadOnlyDictionary<int, int[]> Pieces, IReadOnlyList<LeftOutWord> LeftOut)
{
    /// <summary>Adds words behind the last token. A word is found where it stands alone, in the normalised text, before the text is cut into pieces.</summary>
    /// <param name="tokenizer">One that was loaded or trained; stays as it is.</param>
    /// <param name="words">The words; those that are a token already, that become no token or the unknown one, or that came before are left out.</param>
    /// <exception cref="NotSupportedException">The tokenizer is of no known make.</exception>
    public static VocabularyWithWords Of(ITokenizer tokenizer, IEnumerable<string> words)
    {
        var own = tokenizer as Tokenizer ?? throw new NotSupportedException($"A tokenizer of type {tokenizer?.GetType().Name ?? "null"} cannot be given words.");
        var (added, pieces, seen) = (new List<AddedToken>(own.Parts.Added), new Dictionary<int, int[]>(), new HashSet<string>(StringComparer.Ordinal));
        var leftOut = new List<LeftOutWord>();
        foreach (var word in words.Select(w => w.Trim()))
        {
            var ids = own.Encode(word);
            if ((Fault(own, word, ids) ?? (seen.Add(string.Join(' ', ids)) ? null : "it came before")) is { } why)
            {
                leftOut.Add(new(word, why));
                continue;
            }

            var id = own.VocabularySize + pieces.Count;
            added.Add(new AddedToken(id, word, SingleWord: true, Normalized: true, Special: false));
            pieces[id] = ids;
        }

        return pieces.Count == 0 ? new(own, pieces, leftOut) : new(new Tokenizer(own.Parts with { Added = added, Source = $"{own.Parts.Source}, with words" }), pieces, leftOut);
    }

    private static string? Fault(Tokenizer own, string word, int[] ids) => ids switch
    {
        [] => "nothing of it is left",
        [_] when ids[0] != own.Special.Unknown => "it is a token already",
        _ when ids.Contains(own.Special.Unknown ?? -1) => "the tokenizer does not know its characters",
        _ => own.TokenToId.ContainsKey(word) ? "it is a token already" : null,
    };
}
