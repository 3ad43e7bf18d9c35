namespace Decant.Evaluation.Texts;

/// <summary>Figures of n words in a row (<see cref="TextWords"/>), of which none reaches from one text into another.</summary>
internal static class NGrams
{
    /// <summary>
    /// Distinct-n: the different n-grams of all texts together ÷ their words (J. Li et al., A Diversity-Promoting Objective Function for Neural Conversation Models, 2016, section 5.1).
    /// It falls with the number of words, so only texts of about the same number can be compared. Null: there is no word.
    /// </summary>
    /// <param name="texts">The texts of one model, as words.</param>
    /// <param name="n">1 or more.</param>
    public static double? Distinct(IReadOnlyList<string[]> texts, int n)
    {
        var words = texts.Sum(t => (long)t.Length);
        return words == 0 ? null : (double)texts.SelectMany(t => Of(t, n)).Distinct(StringComparer.Ordinal).LongCount() / words;
    }

    /// <summary>
    /// The share of a text's n-grams that stood in it before: 1 − different ones ÷ all (seq-rep-n: S. Welleck et al., Neural Text Generation with Unlikelihood Training, 2020, section 6.1, of words instead of tokens).
    /// Null: the text has fewer than n words.
    /// </summary>
    /// <param name="text">The text as words.</param>
    /// <param name="n">1 or more.</param>
    public static double? Repeated(string[] text, int n)
    {
        var all = text.Length - n + 1;
        return all < 1 ? null : 1 - (double)Of(text, n).Distinct(StringComparer.Ordinal).Count() / all;
    }

    // A word has no space within.
    private static IEnumerable<string> Of(string[] words, int n) => Enumerable.Range(0, Math.Max(0, words.Length - n + 1)).Select(i => string.Join(' ', words, i, n));
}
