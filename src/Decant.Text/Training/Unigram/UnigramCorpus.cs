using System.Runtime.InteropServices;
using System.Text;
using Decant.Text.Unicode;

namespace Decant.Text.Training.Unigram;

/// <summary>What Unigram is trained on: the characters that have a token by themselves, and runs of these with how often they occur.</summary>
/// <param name="Alphabet">The characters, by their code.</param>
/// <param name="Runs">The runs, in a fixed order.</param>
internal sealed record UnigramCorpus(string[] Alphabet, (string Text, long Count)[] Runs)
{
    // Memory grows with the runs, by some 50 bytes a character; of more the rarest are left out.
    private const long MostCharacters = 16 << 20;

    /// <summary>Chooses the alphabet and cuts the runs at all other characters, which no token reaches over.</summary>
    /// <param name="runs">By their code units.</param>
    /// <param name="coverage">The share of characters to have a token.</param>
    /// <param name="room">The most characters.</param>
    /// <param name="always">Characters that are in the alphabet at any count.</param>
    public static UnigramCorpus Of((string Text, long Count)[] runs, double coverage, int room, string always)
    {
        var alphabet = Choose(runs, coverage, room, always);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (text, count) in runs)
            foreach (var part in Parts(text, alphabet)) CollectionsMarshal.GetValueRefOrAddDefault(counts, part, out _) += count;
        var left = MostCharacters;
        var kept = counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).TakeWhile(pair => (left -= pair.Key.Length) >= 0);
        return new UnigramCorpus(
            [.. alphabet.Order().Select(rune => rune.ToString())],
            [.. kept.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value))]);
    }

    private static HashSet<Rune> Choose((string Text, long Count)[] runs, double coverage, int room, string always)
    {
        var counts = new Dictionary<Rune, long>();
        foreach (var (text, count) in runs)
            foreach (var rune in text.EnumerateRunes()) CollectionsMarshal.GetValueRefOrAddDefault(counts, rune, out _) += count;
        var alphabet = always.EnumerateRunes().ToHashSet();
        var wanted = counts.Values.Sum() * coverage;
        var covered = (double)alphabet.Sum(rune => counts.GetValueOrDefault(rune));
        foreach (var (rune, count) in counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key))
        {
            if (covered >= wanted || alphabet.Count >= room) break;
            if (alphabet.Add(rune)) covered += count;
        }

        return alphabet;
    }

    private static IEnumerable<string> Parts(string text, HashSet<Rune> alphabet)
    {
        var start = 0;
        for (var at = 0; at < text.Length;)
        {
            var (rune, from) = (Characters.RuneAt(text, at), at);
            at += rune.Utf16SequenceLength;
            if (alphabet.Contains(rune)) continue;
            if (from > start) yield return text[start..from];
            start = at;
        }

        if (text.Length > start) yield return text[start..];
    }
}
