using Decant.Text.Normalization;
using Decant.Text.PreTokenization;
using Decant.Text.Unicode;

namespace Decant.Text.Training;

/// <summary>How often each word of a corpus occurs: all that training needs to know of it.</summary>
internal static class WordCounts
{
    /// <summary>The words by their code units, so that the order of the texts does not matter.</summary>
    public static (string Word, long Count)[] Of(IEnumerable<string> texts, Normalizer? normalizer, PreTokenizer preTokenizer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var clean = Characters.WellFormed(text);
            foreach (var word in preTokenizer.Cut(normalizer?.Normalize(clean) ?? clean)) System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, word, out _)++;
        }

        if (counts.Count == 0) throw NoWords();
        return [.. counts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value))];
    }

    public static DecantException NoWords() => new("The tokenizer cannot be trained: the texts have no words; is the training split empty, or the wrong column named?");
}
