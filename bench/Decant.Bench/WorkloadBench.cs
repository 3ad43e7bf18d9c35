using System.Globalization;
using System.Text.Json.Nodes;
using Decant.Runs.Planning;

namespace Decant.Bench;

/// <summary>Measures one workload: the sides are checked, PyTorch is tuned, then round after round of each, in turn.</summary>
/// <param name="workload">What is measured.</param>
/// <param name="request">How.</param>
/// <param name="log">Gets a line now and then.</param>
internal sealed class WorkloadBench(Workload workload, BenchRequest request, Action<string> log)
{
    private const int CheckedSteps = 3;
    private const double CheckedTo = 1e-4;
    private const int PeakEvery = 3;

    private readonly List<double> _run = [];
    private readonly List<double> _live = [];
    private readonly List<double> _default = [];
    private readonly List<double> _tuned = [];
    private readonly List<double> _ourPeaks = [];
    private readonly List<double> _theirPeaks = [];

    /// <summary>Measures.</summary>
    /// <param name="ours">Our side.</param>
    /// <param name="standard">PyTorch with its defaults; null with <paramref name="tuned"/>: our side alone.</param>
    /// <param name="tuned">PyTorch to be tuned.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="DecantException">The sides do not compute the same.</exception>
    public WorkloadReport Measure(IBenchPeer ours, IBenchPeer? standard, IBenchPeer? tuned, CancellationToken cancellationToken)
    {
        var cores = ours.Ask("cores", cancellationToken);
        var losses = Losses(ours, cancellationToken);
        BenchChoice? choice = null, defaults = null;
        if (standard is not null && tuned is not null)
        {
            Compare(losses, Losses(standard, cancellationToken));
            (defaults, choice) = Tune(standard, tuned, cancellationToken);
            foreach (var peer in new[] { standard, tuned })
                Compare(losses, Losses(peer, cancellationToken)); // again, as they will run
        }

        var first = Steps(ours, 1, cancellationToken);
        ours.Ask($"steps {workload.LiveSteps}", cancellationToken);
        for (var pair = 0; pair < request.Pairs; pair++)
        {
            if (pair % PeakEvery == 0)
                Peaks(ours, standard, cancellationToken);
            Pair(pair, ours, standard, tuned, cancellationToken);
        }

        Peaks(ours, standard, cancellationToken);
        var last = Steps(ours, workload.LiveSteps, cancellationToken);
        return new WorkloadReport
        {
            Name = workload.Name,
            About = workload.About,
            Batch = workload.Batch,
            Samples = workload.Samples,
            Epochs = workload.Epochs,
            Run = request.Run ? Figures(_run, workload.Epochs, RunFlops) : null,
            Live = request.Live ? Figures(_live, (double)workload.LiveSteps / workload.BatchesPerEpoch, LiveFlops) : null,
            PeakBytes = new Sides(Bytes(ours, cancellationToken), Least(standard, tuned, cancellationToken)),
            SgemmGflops = new Sides(Spread.MedianOf(_ourPeaks), _theirPeaks.Count == 0 ? null : Spread.MedianOf(_theirPeaks)),
            ManagedBytesPerStep = last["managed_bytes"]!.GetValue<long>() / (double)workload.LiveSteps,
            LiveTensors = new FirstAndLast(first["live_tensors"]!.GetValue<long>(), last["live_tensors"]!.GetValue<long>()),
            Cores = new BenchCores(cores["run"]!.GetValue<string>(), cores["live"]!.GetValue<string>()),
            Tuned = choice,
            Default = defaults,
            Losses = losses,
        };
    }

    /// <summary>Refuses sides that do not compute the same.</summary>
    internal void Compare(IReadOnlyList<double> ours, IReadOnlyList<double> theirs)
    {
        for (var step = 0; step < CheckedSteps; step++)
        {
            if (!(Math.Abs(ours[step] - theirs[step]) <= CheckedTo * Math.Abs(theirs[step])))
            {
                throw new DecantException(
                    string.Create(CultureInfo.InvariantCulture, $"bench {workload.Name}: the sides do not compute the same, so their times are not compared. ")
                    + string.Create(CultureInfo.InvariantCulture, $"The loss of update {step + 1} is {ours[step]:G9} here and {theirs[step]:G9} with PyTorch; {CheckedTo:G1} of it may differ."),
                    ExitCodes.Fault);
            }
        }
    }

    private (BenchChoice Default, BenchChoice Tuned) Tune(IBenchPeer standard, IBenchPeer tuned, CancellationToken cancellationToken)
    {
        var steps = Math.Max(2, workload.LiveSteps / 4);
        var defaults = BenchTuning.Default(standard, steps, cancellationToken);
        var choice = BenchTuning.Tuned(tuned, steps, Environment.ProcessorCount, cancellationToken);
        log($"PyTorch's best: {choice.Variant}, {choice.Threads} threads, OpenBLAS {(choice.BlasThreads == 0 ? "as it is" : choice.BlasThreads)}; by default {defaults.Threads} threads");
        return (defaults, choice);
    }

    private void Pair(int pair, IBenchPeer ours, IBenchPeer? standard, IBenchPeer? tuned, CancellationToken cancellationToken)
    {
        var epoch = (double)workload.BatchesPerEpoch / workload.LiveSteps; // what a live round, or one of PyTorch's, is multiplied by to make an epoch
        List<(List<double> Into, Func<double> Round)> rounds = [];
        if (request.Run)
            rounds.Add((_run, () => !workload.Remembers ? Live() * epoch * workload.Epochs : ours.Ask("run", cancellationToken)["seconds"]!.GetValue<double>()));
        if (request.Live)
            rounds.Add((_live, () => !workload.Remembers && request.Run ? _run[^1] / epoch / workload.Epochs : Live()));
        if (standard is not null)
            rounds.Add((_default, () => standard.Seconds("steps", workload.LiveSteps, cancellationToken)));
        if (tuned is not null)
            rounds.Add((_tuned, () => tuned.Seconds("steps", workload.LiveSteps, cancellationToken)));

        // Ours first in one pair, PyTorch first in the next: what drifts then falls on both.
        if (pair % 2 == 1)
            rounds = [.. rounds.Skip(OurRounds), .. rounds.Take(OurRounds)];
        foreach (var (into, round) in rounds)
            into.Add(round());
        log(Line(pair));

        double Live() => ours.Seconds("steps", workload.LiveSteps, cancellationToken);
    }

    private int OurRounds => (request.Run ? 1 : 0) + (request.Live ? 1 : 0);

    private string Line(int pair)
    {
        var parts = new List<string>();
        Add("run", _run, workload.Epochs * workload.BatchesPerEpoch);
        Add("live", _live, workload.LiveSteps);
        Add("PyTorch", _default, workload.LiveSteps);
        Add("tuned", _tuned, workload.LiveSteps);
        return $"pair {pair + 1} of {request.Pairs}, ms per step: {string.Join(", ", parts)}";

        void Add(string name, List<double> seconds, int steps)
        {
            if (seconds.Count > 0)
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {1000 * seconds[^1] / steps:0.00}"));
        }
    }

    private BenchFigures Figures(List<double> ours, double epochs, Func<BenchFlops, double> flops)
    {
        var perRound = epochs * workload.BatchesPerEpoch / workload.LiveSteps; // PyTorch's updates all cost the same: its round is scaled to as many as ours had
        var seconds = Spread.MedianOf(ours);
        return new BenchFigures
        {
            RatioDefault = Ratio(_default),
            RatioTuned = Ratio(_tuned),
            PeakFraction = flops(BenchFlops.Of(workload, new BenchInput(workload).Shapes)) / seconds / (Spread.MedianOf(_ourPeaks) * 1e9),
            SamplesPerSecond = Three(s => epochs * workload.Samples / s),
            MillisecondsPerStep = Three(s => 1000 * s / (epochs * workload.BatchesPerEpoch)),
        };

        Spread? Ratio(List<double> theirs) => theirs.Count == 0 ? null : Spread.Of([.. theirs.Zip(ours, (t, o) => t * perRound / o)]);

        ThreeSides Three(Func<double, double> figure) => new(figure(seconds), Other(_default, figure), Other(_tuned, figure));

        double? Other(List<double> theirs, Func<double, double> figure) => theirs.Count == 0 ? null : figure(Spread.MedianOf(theirs) * perRound);
    }

    // Where the teacher is remembered it answers every sample, or every view of it, once, but for the head of kept states.
    private double RunFlops(BenchFlops flops) => workload.Samples * (workload.Epochs * flops.Update + workload.Kept switch
    {
        CachedOutputs.None => workload.Epochs * flops.Answer,
        CachedOutputs.States => flops.Answer - flops.Head + (workload.Epochs * flops.Head),
        _ => (workload.Views ?? 1) * flops.Answer,
    });

    private double LiveFlops(BenchFlops flops) => workload.LiveSteps * workload.Batch * (flops.Update + flops.Answer);

    private void Peaks(IBenchPeer ours, IBenchPeer? standard, CancellationToken cancellationToken)
    {
        _ourPeaks.Add(Peak(ours));
        if (standard is not null)
            _theirPeaks.Add(Peak(standard));

        double Peak(IBenchPeer peer) => peer.Ask("peak", cancellationToken)["gflops"]!.GetValue<double>();
    }

    private static double[] Losses(IBenchPeer peer, CancellationToken cancellationToken) =>
        [.. peer.Ask($"check {CheckedSteps}", cancellationToken)["losses"]!.AsArray().Select(loss => loss!.GetValue<double>())];

    private static JsonObject Steps(IBenchPeer ours, int count, CancellationToken cancellationToken) =>
        ours.Ask(string.Create(CultureInfo.InvariantCulture, $"steps {count}"), cancellationToken);

    private static double Bytes(IBenchPeer peer, CancellationToken cancellationToken) => peer.Ask("memory", cancellationToken)["peak_bytes"]!.GetValue<long>();

    private static double? Least(IBenchPeer? standard, IBenchPeer? tuned, CancellationToken cancellationToken) =>
        standard is null || tuned is null ? null : Math.Min(Bytes(standard, cancellationToken), Bytes(tuned, cancellationToken));
}
