using System.Globalization;

namespace Decant.Data.Retrieval;

/// <summary>
/// BM25 over a collection of documents: what words alone find. The score of a document d for a query q is
/// Σ over the words w of q of ln(1 + (N − n + ½) ÷ (n + ½)) · f·(k₁ + 1) ÷ (f + k₁·(1 − b + b·|d| ÷ mean length)),
/// N documents, n of them with w, f how often d has w, k₁ = 1.2, b = 0.75.
/// </summary>
/// <remarks>
/// Robertson and Zaragoza 2009, with the positive inverse document frequency of Lucene. Words are runs of letters and digits in lower case; an ideograph, or a letter of kana, is a word of its own.
/// </remarks>
internal sealed class Bm25
{
    private const double K1 = 1.2;
    private const double B = 0.75;

    private readonly Dictionary<string, List<(int Document, int Count)>> _postings = new(StringComparer.Ordinal);
    private readonly int[] _lengths;
    private readonly double _meanLength;

    /// <summary>Indexes documents.</summary>
    /// <param name="documents">[N] texts.</param>
    public Bm25(IReadOnlyList<string> documents)
    {
        _lengths = new int[documents.Count];
        for (var d = 0; d < documents.Count; d++)
        {
            foreach (var word in Words(documents[d]).GroupBy(w => w, StringComparer.Ordinal))
            {
                if (!_postings.TryGetValue(word.Key, out var list)) _postings[word.Key] = list = [];
                list.Add((d, word.Count()));
                _lengths[d] += word.Count();
            }
        }

        _meanLength = Math.Max(1, _lengths.DefaultIfEmpty(0).Average());
    }

    /// <summary>The scores of all documents [N]; 0 where a document has none of the query's words.</summary>
    public double[] Scores(string query)
    {
        var scores = new double[_lengths.Length];
        foreach (var word in Words(query))
        {
            if (!_postings.TryGetValue(word, out var list)) continue;
            var rarity = Math.Log(1 + ((_lengths.Length - list.Count + 0.5) / (list.Count + 0.5)));
            foreach (var (document, count) in list)
                scores[document] += rarity * count * (K1 + 1) / (count + (K1 * (1 - B + (B * _lengths[document] / _meanLength))));
        }

        return scores;
    }

    /// <summary>The documents with the highest scores above 0, best first; those that tie in their own order.</summary>
    /// <param name="query">The query.</param>
    /// <param name="count">How many, at most.</param>
    public int[] Best(string query, int count)
    {
        var scores = Scores(query);
        return [.. Enumerable.Range(0, scores.Length).Where(d => scores[d] > 0).OrderByDescending(d => scores[d]).Take(count)];
    }

    /// <summary>The words of a text, in order.</summary>
    public static IEnumerable<string> Words(string text)
    {
        var lower = text.ToLowerInvariant();
        var start = -1;
        for (var i = 0; i < lower.Length; i++)
        {
            var isAlone = StandsAlone(lower[i]);
            var isPart = !isAlone && (char.IsLetterOrDigit(lower[i]) || char.IsSurrogate(lower[i]) || char.GetUnicodeCategory(lower[i]) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);
            if (isPart)
            {
                if (start < 0) start = i;
                continue;
            }

            if (start >= 0) yield return lower[start..i];
            start = -1;
            if (isAlone) yield return lower[i..(i + 1)];
        }

        if (start >= 0) yield return lower[start..];
    }

    // Scripts that put no spaces between words: CJK ideographs, kana.
    private static bool StandsAlone(char c) => c is (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u4DBF') or (>= '\u4E00' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF');
}
