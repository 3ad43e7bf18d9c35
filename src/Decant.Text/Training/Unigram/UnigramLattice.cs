using Decant.Text.Vocabularies;

namespace Decant.Text.Training.Unigram;

/// <summary>All ways to cut a run into tokens: the tokens are edges from place to place.</summary>
internal sealed class UnigramLattice(UnigramPieces pieces)
{
    private readonly List<(int Start, int End, int Id)> _edges = []; // by start, so that a place is done when its edges come up
    private double[] _forward = [];
    private double[] _backward = [];
    private (double Score, int Edge)[] _best = [];

    /// <summary>Adds how often each token is expected in the run, weighted by probability over all ways (forward–backward).</summary>
    /// <returns>The logarithm of the run's probability, the sum over all ways.</returns>
    public double Expect(string run, double weight, double[] counts)
    {
        Load(run);
        var forward = Buffer(ref _forward, run.Length);
        var backward = Buffer(ref _backward, run.Length);
        forward[0] = backward[^1] = 0;
        foreach (var (start, end, id) in _edges) forward[end] = LogAdd(forward[end], forward[start] + pieces.Scores[id]);
        for (var i = _edges.Count - 1; i >= 0; i--)
        {
            var (start, end, id) = _edges[i];
            backward[start] = LogAdd(backward[start], backward[end] + pieces.Scores[id]);
        }

        var all = forward[^1];
        foreach (var (start, end, id) in _edges) counts[id] += weight * Math.Exp(forward[start] + pieces.Scores[id] + backward[end] - all);
        return all;
    }

    /// <summary>The most probable way (Viterbi); of equal ones the first found.</summary>
    /// <param name="run">The run.</param>
    /// <param name="path">Gets the tokens, from the last to the first.</param>
    /// <param name="without">A token that may not be used; −1: none.</param>
    /// <returns>Its score; −∞ where there is no way.</returns>
    public double Best(string run, List<int> path, int without = -1)
    {
        Load(run);
        if (_best.Length <= run.Length) _best = new (double, int)[(run.Length * 2) + 1];
        _best.AsSpan(0, run.Length + 1).Fill((double.NegativeInfinity, -1));
        _best[0].Score = 0;
        for (var i = 0; i < _edges.Count; i++)
        {
            var (start, end, id) = _edges[i];
            var score = _best[start].Score + pieces.Scores[id];
            if (id != without && score > _best[end].Score) _best[end] = (score, i);
        }

        path.Clear();
        for (var end = run.Length; end > 0 && _best[end].Edge >= 0; end = _edges[_best[end].Edge].Start) path.Add(_edges[_best[end].Edge].Id);
        return _best[run.Length].Score;
    }

    private void Load(string run)
    {
        _edges.Clear();
        for (var start = 0; start < run.Length; start++)
        {
            var node = CharTrie.Root;
            for (var at = start; at < run.Length && (node = pieces.Trie.Child(node, run[at])) != 0; at++)
                if (pieces.Trie.ValueOf(node) is var id and >= 0) _edges.Add((start, at + 1, id));
        }
    }

    private static Span<double> Buffer(ref double[] room, int length)
    {
        if (room.Length <= length) room = new double[(length * 2) + 1];
        var places = room.AsSpan(0, length + 1);
        places.Fill(double.NegativeInfinity);
        return places;
    }

    private static double LogAdd(double a, double b)
    {
        var (high, low) = a > b ? (a, b) : (b, a);
        return double.IsNegativeInfinity(low) ? high : high + Math.Log(1 + Math.Exp(low - high));
    }
}
