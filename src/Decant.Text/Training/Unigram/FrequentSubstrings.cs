using System.Runtime.InteropServices;
using Decant.Text.Unicode;

namespace Decant.Text.Training.Unigram;

/// <summary>The substrings that occur twice or more, from two characters on: what Unigram chooses its tokens from.</summary>
/// <remarks>
/// They are found length by length: one of n + 1 characters can only be frequent where one of n is and another begins a place further. So memory is a few numbers
/// per character of the corpus, not per substring. A substring that goes on the same way wherever it occurs is left out: the longer one does for it.
/// </remarks>
internal sealed class FrequentSubstrings
{
    private const long Least = 2;
    private readonly (string Text, long Count)[] _runs;
    private readonly int[] _runOf; // by place in the texts one behind the other
    private readonly int[] _begins; // by run
    private readonly int[] _ids; // by place: the frequent substring of the present length that begins here, or −1
    private readonly int[] _next; // the same of the next length
    private readonly int[] _ends; // where it ends
    private readonly int _most;
    private List<(string Text, long Count)> _found = [];

    private FrequentSubstrings((string Text, long Count)[] runs, int most)
    {
        (_runs, _most) = (runs, most);
        _begins = new int[runs.Length + 1];
        for (var r = 0; r < runs.Length; r++) _begins[r + 1] = _begins[r] + runs[r].Text.Length;
        _runOf = new int[_begins[^1]];
        for (var r = 0; r < runs.Length; r++) Array.Fill(_runOf, r, _begins[r], runs[r].Text.Length);
        (_ids, _next, _ends) = (new int[_runOf.Length], new int[_runOf.Length], new int[_runOf.Length]);
    }

    /// <summary>The best substrings by number × length, of equal ones the first in the order of their code units.</summary>
    public static (string Text, long Count)[] Of((string Text, long Count)[] runs, int longest, int most, CancellationToken cancellationToken)
    {
        var search = new FrequentSubstrings(runs, most);
        var counts = search.Single();
        for (var length = 2; length <= longest && counts.Count > 0; length++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            counts = search.Lengthen(counts, keepsShorter: length > 2); // characters are tokens anyway
        }

        if (longest > 1) search.Keep(counts, new bool[counts.Count]);
        return search.Best();
    }

    private (string Text, long Count)[] Best() =>
        [.. _found.OrderByDescending(found => found.Count * Characters.CountRunes(found.Text)).ThenBy(found => found.Text, StringComparer.Ordinal).Take(_most)];

    /// <summary>The characters.</summary>
    private List<long> Single()
    {
        var (known, counts) = (new Dictionary<int, int>(), new List<long>());
        for (var at = 0; at < _ids.Length; at++)
        {
            if (char.IsLowSurrogate(CharacterAt(at)))
            {
                _ids[at] = -1;
                continue;
            }

            var rune = Characters.RuneAt(_runs[_runOf[at]].Text, at - _begins[_runOf[at]]);
            _ids[at] = Count(known, rune.Value, at, counts);
            _ends[at] = at + rune.Utf16SequenceLength;
        }

        return counts;
    }

    /// <summary>Goes on to substrings that are one character longer.</summary>
    private List<long> Lengthen(List<long> shorter, bool keepsShorter)
    {
        var (known, counts) = (new Dictionary<long, int>(), new List<long>());
        for (var at = 0; at < _ids.Length; at++)
            _next[at] = Follower(at) is var follower and >= 0 ? Count(known, ((long)_ids[at] << 32) | (uint)_ids[follower], at, counts) : -1;

        var isClosed = new bool[shorter.Count];
        for (var at = 0; at < _ids.Length; at++)
            if (_next[at] >= 0) isClosed[_ids[at]] |= counts[_next[at]] == shorter[_ids[at]];
        if (keepsShorter) Keep(shorter, isClosed);

        for (var at = 0; at < _ids.Length; at++)
        {
            if (_next[at] >= 0) _ends[at] = _ends[Follower(at)]; // those further on still have the old length
            _ids[at] = _next[at] >= 0 && counts[_next[at]] >= Least ? _next[at] : -1;
        }

        return counts;
    }

    /// <summary>The place of the next character, where both places begin a frequent substring of one run; else −1.</summary>
    private int Follower(int at)
    {
        if (_ids[at] < 0) return -1;
        var next = at + (char.IsHighSurrogate(CharacterAt(at)) ? 2 : 1);
        return next < _ids.Length && _runOf[next] == _runOf[at] && _ids[next] >= 0 ? next : -1;
    }

    private int Count<TKey>(Dictionary<TKey, int> known, TKey key, int at, List<long> counts)
        where TKey : notnull
    {
        ref var id = ref CollectionsMarshal.GetValueRefOrAddDefault(known, key, out var exists);
        if (!exists)
        {
            id = counts.Count;
            counts.Add(0);
        }

        counts[id] += _runs[_runOf[at]].Count;
        return id;
    }

    private void Keep(List<long> counts, bool[] isClosed)
    {
        var isDone = new bool[counts.Count];
        for (var at = 0; at < _ids.Length; at++)
        {
            if (_ids[at] is not (var id and >= 0) || isDone[id] || isClosed[id]) continue;
            isDone[id] = true;
            var run = _runOf[at];
            _found.Add((_runs[run].Text[(at - _begins[run])..(_ends[at] - _begins[run])], counts[id]));
        }

        if (_found.Count / 2 > _most) _found = [.. Best()];
    }

    private char CharacterAt(int at) => _runs[_runOf[at]].Text[at - _begins[_runOf[at]]];
}
