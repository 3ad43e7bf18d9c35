using System.Diagnostics;
using System.Text;

namespace Decant.Bench.Tokenizers;

/// <summary>Libraries that encode the same lines in turn; the first of them is what the others are compared with.</summary>
internal static class TokenizerComparison
{
    /// <param name="peers">One or more.</param>
    /// <param name="lines">The text.</param>
    /// <param name="rounds">Timed rounds after the first.</param>
    public static IReadOnlyList<TokenizerFigures> Run(IReadOnlyList<ITokenizerPeer> peers, IReadOnlyList<string> lines, int rounds)
    {
        var first = peers.Select(peer => Seconds(peer, lines)).ToArray();
        var ids = peers.Select(peer => lines.Select(peer.Encode).ToArray()).ToArray();
        var seconds = peers.Select(_ => new double[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var p = 0; p < peers.Count; p++)
                seconds[p][round] = Seconds(peers[p], lines);
        }

        var megabytes = lines.Sum(line => (long)Encoding.UTF8.GetByteCount(line)) / 1e6;
        return [.. peers.Select((peer, p) =>
        {
            var different = Enumerable.Range(0, lines.Count).Where(i => !ids[p][i].SequenceEqual(ids[0][i])).ToArray();
            return new TokenizerFigures(
                peer.Name, megabytes / first[p], megabytes / Median(seconds[p]), Median([.. seconds[p].Zip(seconds[0], (its, ours) => its / ours)]),
                ids[p].Sum(line => (long)line.Count), different.Length, different.Length > 0 ? different[0] + 1 : null);
        })];
    }

    private static double Seconds(ITokenizerPeer peer, IReadOnlyList<string> lines)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var line in lines)
            peer.Encode(line);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
