using Decant.Data.Duplicates;
using Decant.Data.Retrieval;

namespace Decant.Teachers.Remote.Synthesizing;

/// <summary>Words and phrases, found as whole words without regard to case.</summary>
internal sealed class PhraseSet
{
    private readonly Dictionary<int, HashSet<ulong>> _byLength = [];

    /// <summary>A set of phrases.</summary>
    /// <param name="phrases">The phrases; those without a letter or a digit are found as they are.</param>
    public PhraseSet(IEnumerable<string> phrases)
    {
        foreach (var words in phrases.Select(phrase => TextParts.Of(phrase)).Where(words => words.Length > 0))
        {
            if (!_byLength.TryGetValue(words.Length, out var known))
                _byLength[words.Length] = known = [];
            known.Add(TextParts.Whole(words));
        }
    }

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _byLength.Count == 0;

    /// <summary>The lines of a file that are not empty.</summary>
    /// <exception cref="DecantException">There is no such file, or it is not UTF-8.</exception>
    public static IEnumerable<string> Lines(string file) => TextLines.Of(file).Select(line => line.Line);

    /// <summary>Whether a text has one of them.</summary>
    /// <param name="words">The text.</param>
    public bool IsIn(ulong[] words) => _byLength.Any(phrases => Enumerable.Range(0, Math.Max(0, words.Length - phrases.Key + 1)).Any(at => phrases.Value.Contains(TextParts.Whole(words.AsSpan(at, phrases.Key)))));

    /// <summary>The share of a text's words that are among those of one word.</summary>
    /// <param name="words">The text.</param>
    public double Share(ulong[] words) => _byLength.TryGetValue(1, out var known) && words.Length > 0 ? (double)words.Count(word => known.Contains(TextParts.Whole([word]))) / words.Length : 0;
}
