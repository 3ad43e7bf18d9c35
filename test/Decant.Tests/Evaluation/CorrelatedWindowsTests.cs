using Decant.Evaluation;
using Decant.Evaluation.Language;

namespace Decant.Tests.Evaluation;

/// <summary>
/// Neighbouring windows of a text are alike: in how hard they are for both models, and in how much harder for the one than for the other. Simulated as autoregressions within
/// each document, one of the difficulty and one of the difference of the two models. Intervals must contain the true difference in 95 of 100 experiments.
/// </summary>
public sealed class CorrelatedWindowsTests(ITestOutputHelper output)
{
    private const int WindowBytes = 1000;
    private const double Truth = -0.02; // bits per byte

    [Theory]
    [InlineData(60, 12, 0.6)]  // the test articles of WikiText-2, in windows of 256 tokens
    [InlineData(60, 100, 0.6)] // in windows of 35 tokens
    [InlineData(30, 12, 0.8)]
    [InlineData(400, 3, 0.6)]
    public void Drawing_documents_covers_the_true_difference_and_drawing_windows_does_not(int documents, int windowsPerDocument, double correlation)
    {
        var (byDocument, byWindow) = Coverage(seed: 5, random => [.. Enumerable.Range(0, documents).Select(_ => Size(random, windowsPerDocument))], correlation, document => document.Index);

        output.WriteLine($"{documents} documents of {windowsPerDocument} windows, ρ {correlation}: by document {byDocument:P1}, by window {byWindow:P1}");
        Assert.InRange(byDocument, 0.93 - Simulation.Slack(0.95), 0.97 + Simulation.Slack(0.95));
        Assert.InRange(byWindow, 0.5, 0.87);
    }

    [Theory]
    [InlineData(300, 0.5)]
    [InlineData(1000, 0.6)]
    [InlineData(3000, 0.7)]
    public void Drawing_blocks_of_one_running_text_covers_the_true_difference_and_drawing_windows_does_not(int windows, double correlation)
    {
        var length = TextUnits.WindowsOfBlock(windows);
        var (byBlock, byWindow) = Coverage(seed: 6, _ => [windows], correlation, document => document.Window / length);

        output.WriteLine($"one text of {windows} windows, ρ {correlation}: by blocks of {length} {byBlock:P1}, by window {byWindow:P1}");
        Assert.InRange(byBlock, 0.93 - Simulation.Slack(0.95), 0.97 + Simulation.Slack(0.95));
        Assert.InRange(byWindow, 0.5, 0.87);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Several_seeds_cross_with_documents(int seeds)
    {
        const int Documents = 60;
        var random = new SplitMix64(8);
        var covered = 0;
        for (var e = 0; e < Simulation.Experiments; e++)
        {
            int[] sizes = [.. Enumerable.Range(0, Documents).Select(_ => Size(random, 12))];
            var texts = sizes.Select(n => (Hard: random.Autoregression(n, 0.6), Apart: random.Autoregression(n, 0.6))).ToArray();
            LanguageAnswers Model(double sign) => Answers(texts, (hard, apart) => 1.2 + 0.2 * hard + sign * (Truth / 2 + 0.03 * apart), 0.01 * random.Normal(), d => d.Index);
            var difference = PairedDifference.Of([.. Enumerable.Range(0, seeds).Select(_ => Model(1))], [.. Enumerable.Range(0, seeds).Select(_ => Model(-1))]);
            Assert.Equal((Documents, "document"), (difference.Samples, difference.Unit));
            covered += difference.Covers(Truth) ? 1 : 0;
        }

        output.WriteLine($"{seeds} seeds, 60 documents: {(double)covered / Simulation.Experiments:P1}");
        Assert.InRange((double)covered / Simulation.Experiments, 0.93 - Simulation.Slack(0.95), 1.0); // never too narrow; wide where seeds and documents both count
    }

    private static (double ByUnit, double ByWindow) Coverage(ulong seed, Func<SplitMix64, int[]> sizes, double correlation, Func<(int Index, int Window), long> unitOf)
    {
        var random = new SplitMix64(seed);
        var (byUnit, byWindow) = (0, 0);
        for (var e = 0; e < Simulation.Experiments; e++)
        {
            var texts = sizes(random).Select(n => (Hard: random.Autoregression(n, correlation), Apart: random.Autoregression(n, correlation))).ToArray();
            var student = Answers(texts, (hard, apart) => 1.2 + 0.2 * hard + Truth / 2 + 0.03 * apart, 0, unitOf);
            var control = Answers(texts, (hard, apart) => 1.2 + 0.2 * hard - Truth / 2 - 0.03 * apart, 0, unitOf);
            var options = new PairedOptions { Resamples = 500, Seed = (ulong)e };
            byUnit += PairedDifference.Of([student], [control], options).Covers(Truth) ? 1 : 0;
            byWindow += PairedDifference.Of([new LanguageAnswers(student.Samples)], [new LanguageAnswers(control.Samples)], options).Covers(Truth) ? 1 : 0;
        }

        return ((double)byUnit / Simulation.Experiments, (double)byWindow / Simulation.Experiments);
    }

    /// <summary>A model's answers: bits per byte of each window, from how hard it is and how far the models are apart on it.</summary>
    private static LanguageAnswers Answers((double[] Hard, double[] Apart)[] texts, Func<double, double, double> bits, double luck, Func<(int Index, int Window), long> unitOf)
    {
        var windows = new List<LanguageSample>();
        var units = new SortedDictionary<long, LanguageSample>();
        for (var d = 0; d < texts.Length; d++)
            for (var w = 0; w < texts[d].Hard.Length; w++)
            {
                var window = new LanguageSample((ulong)windows.Count, 250, WindowBytes * Math.Log(2) * (bits(texts[d].Hard[w], texts[d].Apart[w]) + luck), 100, WindowBytes);
                windows.Add(window);
                var unit = unitOf((d, w));
                units[unit] = units.TryGetValue(unit, out var before)
                    ? before with { Rows = before.Rows + window.Rows, NllSum = before.NllSum + window.NllSum, Hits = before.Hits + window.Hits, Bytes = before.Bytes + window.Bytes }
                    : window with { Id = (ulong)unit };
            }

        return new LanguageAnswers(windows, [.. units.Values], texts.Length > 1 ? "document" : "block");
    }

    /// <summary>Documents are of very unequal length: log-normal, the longest of 60 about ten times the median.</summary>
    private static int Size(SplitMix64 random, double mean) => Math.Max(1, (int)Math.Round(mean * Math.Exp(0.6 * random.Normal() - 0.18)));
}
