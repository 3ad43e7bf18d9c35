using System.Globalization;
using System.Text.Json.Nodes;

namespace Decant.Bench;

/// <summary>Finds how PyTorch is fastest on a workload: short measurements in turn, the best of three each.</summary>
internal static class BenchTuning
{
    private const int ManyCores = 8;
    private const int Rounds = 3;

    private sealed record Setting(int Variant, int Threads, int Blas)
    {
        public string Line => $"use {{\"variant\": {Variant}, \"threads\": {Threads}, \"blas\": {Blas}}}";
    }

    /// <summary>The fastest of the peer's ways with the threads that it started with.</summary>
    public static BenchChoice Default(IBenchPeer peer, int steps, CancellationToken cancellationToken)
    {
        var about = About(peer, cancellationToken);
        return Use(peer, about, Best(peer, [.. Variants(about).Select(v => new Setting(v, 0, 0))], steps, cancellationToken), cancellationToken);
    }

    /// <summary>The fastest of the peer's ways, then the best threads for it.</summary>
    /// <remarks>libtorch's threads from 1 to all cores; OpenBLAS's as many, or as it has them by itself.</remarks>
    public static BenchChoice Tuned(IBenchPeer peer, int steps, int cores, CancellationToken cancellationToken)
    {
        var about = About(peer, cancellationToken);
        var variant = Best(peer, [.. Variants(about).Select(v => new Setting(v, 0, 0))], steps, cancellationToken);
        Setting[] threads = [.. Counts(cores).SelectMany(n => new[] { variant with { Threads = n, Blas = n }, variant with { Threads = n } })];
        return Use(peer, about, Best(peer, threads, steps, cancellationToken), cancellationToken);
    }

    /// <summary>The counts of threads that are tried: all of them, on many cores 1, 2, 4, … and all cores.</summary>
    internal static IEnumerable<int> Counts(int cores) => Enumerable.Range(1, cores).Where(n => cores <= ManyCores || int.IsPow2(n) || n == cores);

    private static Setting Best(IBenchPeer peer, IReadOnlyList<Setting> settings, int steps, CancellationToken cancellationToken)
    {
        var seconds = settings.ToDictionary(s => s, _ => double.PositiveInfinity);
        for (var round = 0; round < Rounds && settings.Count > 1; round++)
        {
            foreach (var setting in settings)
            {
                peer.Ask(setting.Line, cancellationToken);
                peer.Ask("steps 1", cancellationToken);
                seconds[setting] = Math.Min(seconds[setting], peer.Seconds("steps", steps, cancellationToken));
            }
        }

        return seconds.MinBy(s => s.Value).Key;
    }

    private static BenchChoice Use(IBenchPeer peer, JsonObject about, Setting setting, CancellationToken cancellationToken)
    {
        peer.Ask(setting.Line, cancellationToken);
        return new BenchChoice(
            about["variants"]![setting.Variant]!.GetValue<string>(), setting.Threads == 0 ? about["threads"]!.GetValue<int>() : setting.Threads, setting.Blas)
        {
            Kernels = about["kernels"]?.GetValue<string>() ?? "",
        };
    }

    private static JsonObject About(IBenchPeer peer, CancellationToken cancellationToken) => peer.Ask("variants", cancellationToken);

    private static IEnumerable<int> Variants(JsonObject about) => Enumerable.Range(0, about["variants"]!.AsArray().Count);

    /// <summary>The seconds of a round.</summary>
    public static double Seconds(this IBenchPeer peer, string word, int count, CancellationToken cancellationToken) =>
        peer.Ask(string.Create(CultureInfo.InvariantCulture, $"{word} {count}"), cancellationToken)["seconds"]!.GetValue<double>();
}
