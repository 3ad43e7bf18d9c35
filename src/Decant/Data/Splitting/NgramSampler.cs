using System.Globalization;
using System.Text;
using Decant.Text;

namespace Decant.Data.Splitting;

/// <summary>Cuts n-grams out of texts.</summary>
internal static class NgramSampler
{
    private const ulong Purpose = 0x6E2D6772616D73; // keeps this use of a seed apart from others

    /// <summary>N-grams of the texts of a dataset, each once, none of them a text of it. They depend on the texts alone: not on their order, nor on a seed.</summary>
    /// <param name="samples">Single texts.</param>
    /// <param name="options">How many, and how long.</param>
    /// <param name="isTaken">Whether a content may not be among them, by its hash: the samples that models are measured on.</param>
    /// <exception cref="DecantException">A sample is no single text.</exception>
    public static IReadOnlyList<SampleContent> Of(Dataset samples, NgramOptions options, Func<ulong, bool> isTaken)
    {
        var seen = Enumerable.Range(0, samples.Count).Select(samples.HashOf).ToHashSet();
        var ngrams = new List<SampleContent>();
        for (var i = 0; i < samples.Count; i++)
        {
            if (samples[i].Content is not TextContent { Pair: null, Text: var text })
                throw new DecantException($"n-grams: {samples.Where(i)} is no single text, and n-grams are cut out of texts alone; leave n-grams out.");
            var words = Words(text);
            var chance = Rng.For(0, Purpose, samples.HashOf(i));
            for (var n = 0; n < options.PerText && words.Count >= options.Shortest; n++)
            {
                var length = chance.NextBetween(options.Shortest, Math.Min(options.Longest, words.Count));
                var first = chance.Next(words.Count - length + 1);
                var content = new TextContent(text[words[first].Start..words[first + length - 1].End]);
                if (ContentHash.Of(content) is var hash && !isTaken(hash) && seen.Add(hash))
                    ngrams.Add(content);
            }
        }

        return ngrams;
    }

    /// <summary>Where the words of a text begin and end, in UTF-16 units.</summary>
    public static IReadOnlyList<(int Start, int End)> Words(string text)
    {
        var words = new List<(int Start, int End)>();
        var start = -1; // of the word that is open
        for (var at = 0; at < text.Length;)
        {
            var size = StringInfo.GetNextTextElementLength(text, at);
            var isBlank = char.IsWhiteSpace(text, at);
            var isAlone = !isBlank && Rune.TryGetRuneAt(text, at, out var rune) && WordSpacing.IsUnspaced(rune);
            if (start >= 0 && (isBlank || isAlone))
            {
                words.Add((start, at));
                start = -1;
            }

            if (isAlone)
                words.Add((at, at + size));
            else if (!isBlank && start < 0)
                start = at;
            at += size;
        }

        if (start >= 0)
            words.Add((start, text.Length));
        return words;
    }
}
