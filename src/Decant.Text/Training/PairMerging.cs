using System.Runtime.InteropServices;

namespace Decant.Text.Training;

/// <summary>The tokens and merges that a training gave, in order.</summary>
internal sealed record TrainedTokens(IReadOnlyList<string> Tokens, IReadOnlyList<(string Left, string Right)> Merges);

/// <summary>Joins, again and again, the pair of neighbouring tokens that occurs most often.</summary>
/// <remarks>
/// Counts of pairs are kept up to date by the words that a merge touches, and the best is found in a heap; old entries are dropped when they come up.
/// Of pairs that occur equally often the one with the lower ids wins, so the result is the same everywhere. Source: Sennrich et al. 2016, algorithm 1.
/// </remarks>
internal static class PairMerging
{
    /// <summary>A corpus of words as token ids.</summary>
    internal sealed record Corpus(List<string> Tokens, List<int>[] Words, long[] Counts);

    /// <summary>Cuts the words into characters; where the vocabulary has no room for all, the rarest are left out with the words that have them.</summary>
    public static Corpus Begin((string Word, long Count)[] words, string prefix, IEnumerable<string> alphabet, int room)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (word, count) in words)
            foreach (var symbol in Symbols(word, prefix)) CollectionsMarshal.GetValueRefOrAddDefault(counts, symbol, out _) += count;
        var fixedSymbols = alphabet.ToArray();
        var kept = counts.Keys.Except(fixedSymbols, StringComparer.Ordinal).OrderByDescending(symbol => counts[symbol]).ThenBy(symbol => symbol, StringComparer.Ordinal)
            .Take(Math.Max(0, room - fixedSymbols.Length));
        var tokens = fixedSymbols.Concat(kept.Order(StringComparer.Ordinal)).ToList();
        var ids = tokens.Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id, StringComparer.Ordinal);

        var usable = words.Where(word => Symbols(word.Word, prefix).All(ids.ContainsKey)).ToArray();
        return new Corpus(tokens, [.. usable.Select(word => Symbols(word.Word, prefix).Select(symbol => ids[symbol]).ToList())], [.. usable.Select(word => word.Count)]);
    }

    /// <summary>Merges until the vocabulary is full or no pair is frequent enough.</summary>
    public static TrainedTokens Run(Corpus corpus, int room, long minFrequency, string prefix, CancellationToken cancellationToken)
    {
        var (tokens, words, wordCounts) = corpus;
        var ids = tokens.Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id, StringComparer.Ordinal);
        var merges = new List<(string, string)>();
        var pairs = new PairCounts();
        for (var w = 0; w < words.Length; w++)
            for (var i = 0; i + 1 < words[w].Count; i++) pairs.Add((words[w][i], words[w][i + 1]), wordCounts[w], w);
        pairs.Requeue();

        while (tokens.Count < room && pairs.TryTakeBest(minFrequency, out var pair, out var places))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (left, right) = (tokens[pair.Left], tokens[pair.Right]);
            var joined = left + right[prefix.Length..];
            merges.Add((left, right));
            // Two merges can give the same token (ab+c and a+bc): one token, two ways to it.
            if (!ids.TryGetValue(joined, out var id))
            {
                ids[joined] = id = tokens.Count;
                tokens.Add(joined);
            }

            foreach (var w in places) Join(words[w], pair, id, wordCounts[w], w, pairs);
            pairs.Requeue();
        }

        return new TrainedTokens(tokens, merges);
    }

    private static void Join(List<int> word, (int Left, int Right) pair, int id, long count, int place, PairCounts pairs)
    {
        for (var i = 0; i + 1 < word.Count; i++)
        {
            if (word[i] != pair.Left || word[i + 1] != pair.Right) continue;
            if (i > 0) pairs.Add((word[i - 1], word[i]), -count, place);
            if (i + 2 < word.Count) pairs.Add((word[i + 1], word[i + 2]), -count, place);
            word[i] = id;
            word.RemoveAt(i + 1);
            if (i > 0) pairs.Add((word[i - 1], id), count, place);
            if (i + 1 < word.Count) pairs.Add((id, word[i + 1]), count, place);
        }
    }

    private static IEnumerable<string> Symbols(string word, string prefix)
    {
        var isFirst = true;
        foreach (var rune in word.EnumerateRunes())
        {
            yield return isFirst ? rune.ToString() : prefix + rune;
            isFirst = false;
        }
    }
}

/// <summary>How often pairs occur and in which words.</summary>
internal sealed class PairCounts
{
    private readonly Dictionary<(int Left, int Right), (long Count, HashSet<int> Positions)> _pairs = [];
    private readonly HashSet<(int Left, int Right)> _changed = [];
    private readonly PriorityQueue<(int Left, int Right), (long NegativeCount, int Left, int Right)> _queue = new();

    public void Add((int Left, int Right) pair, long count, int place)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairs, pair, out var exists);
        if (!exists) entry.Positions = [];
        entry.Count += count;
        if (count > 0)
        {
            entry.Positions.Add(place);
            _changed.Add(pair); // a count that only fell is found out when its old entry comes up
        }
    }

    public void Requeue()
    {
        foreach (var pair in _changed)
            if (_pairs.TryGetValue(pair, out var entry) && entry.Count > 0) _queue.Enqueue(pair, (-entry.Count, pair.Left, pair.Right));
        _changed.Clear();
    }

    /// <summary>Takes out the pair that occurs most often, with the words it may occur in, in their order.</summary>
    public bool TryTakeBest(long minFrequency, out (int Left, int Right) pair, out int[] places)
    {
        while (_queue.TryDequeue(out pair, out var priority))
        {
            if (!_pairs.TryGetValue(pair, out var entry)) continue;
            if (entry.Count != -priority.NegativeCount)
            {
                if (entry.Count >= minFrequency) _queue.Enqueue(pair, (-entry.Count, pair.Left, pair.Right));
                continue;
            }

            if (entry.Count < minFrequency) break;
            _pairs.Remove(pair);
            places = [.. entry.Positions.Order()];
            return true;
        }

        places = [];
        return false;
    }
}
