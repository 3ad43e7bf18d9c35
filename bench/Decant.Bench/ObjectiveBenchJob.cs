using System.Globalization;
using Decant.Objectives;
using Decant.Runs;
using Decant.Runs.Hardware;

namespace Decant.Bench;

/// <summary>Measures what every objective of a catalog adds to soft targets alone: the time of an update, and memory.</summary>
/// <param name="catalog">The kinds.</param>
/// <param name="memory">Gives the peak memory of a process of a few updates with a pair, with an objective or (empty) with none beside the soft targets; null: not measured.</param>
/// <param name="clock">Tells the time; null: the machine's.</param>
internal sealed class ObjectiveBenchJob(Catalog catalog, Func<string, string, CancellationToken, long>? memory, BenchClock? clock = null)
{
    private readonly ObjectiveChoices _choices = new(catalog);

    /// <summary>Measures.</summary>
    /// <param name="request">What and how.</param>
    /// <param name="progress">Gets a line for every round.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="DecantException">A kind that there is not.</exception>
    public ObjectiveBenchReport Run(ObjectiveBenchRequest request, IProgress<BenchEvent>? progress = null, CancellationToken cancellationToken = default) =>
        Run(request, ObjectivePairs.All, progress, cancellationToken);

    /// <summary>The same with other pairs.</summary>
    internal ObjectiveBenchReport Run(ObjectiveBenchRequest request, IReadOnlyList<Workload> pairs, IProgress<BenchEvent>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var asked = _choices.All(request.Objectives);
        var machine = BenchJob.Machine(MachineFacts.Prepare(request.Threads), version: null);
        return new ObjectiveBenchReport(machine, [.. pairs.Select(pair => Measure(pair, asked, request, text => progress?.Report(new BenchEvent(pair.Name, text)), cancellationToken))]);
    }

    private ObjectivePairReport Measure(Workload pair, IReadOnlyList<string> asked, ObjectiveBenchRequest request, Action<string> log, CancellationToken cancellationToken)
    {
        log(pair.About);
        using var side = new ObjectiveBenchSide(catalog, pair, clock);
        var entries = asked.Select(name => new Entry(name)).ToArray();
        var alone = new Entry("") { Choices = [_choices.Read(ObjectiveChoices.Base)] };
        side.Time(alone.Choices, 1);
        foreach (var entry in entries)
            Try(side, entry, cancellationToken);
        Entry[] running = [alone, .. entries.Where(e => e.Reason is null)];
        for (var round = 0; round < request.Rounds; round++)
            Round(side, round % 2 == 0 ? running : [.. running.Reverse()], $"round {round + 1} of {request.Rounds}", request.Steps, log, cancellationToken);
        if (request.Memory && memory is not null)
        {
            foreach (var entry in running)
            {
                log($"memory{(entry.Name.Length == 0 ? "" : $" with {entry.Name}")}");
                entry.Bytes = memory(pair.Name, entry.Name, cancellationToken);
            }
        }

        return new ObjectivePairReport
        {
            Name = pair.Name,
            About = pair.About,
            Batch = pair.Batch,
            BaseMilliseconds = 1000 * Spread.MedianOf(alone.Times.Select(t => t.Wall)),
            BaseProcessorMilliseconds = 1000 * Spread.MedianOf(alone.Times.Select(t => t.Processor)),
            BaseBytes = alone.Bytes,
            Objectives = [.. entries.Select(e => e.Against(alone))],
        };
    }

    /// <summary>Whether it runs at all, which warms it up too.</summary>
    private void Try(ObjectiveBenchSide side, Entry entry, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            entry.Choices = [_choices.Read(ObjectiveChoices.Base), _choices.Read(entry.Name)];
            side.Time(entry.Choices, 1);
        }
        catch (Exception fault) when (fault is DecantException or TorchException)
        {
            entry.Reason = fault.Message;
        }
    }

    /// <summary>All of them once, one after another: what drifts falls on all.</summary>
    private static void Round(ObjectiveBenchSide side, Entry[] running, string name, int steps, Action<string> log, CancellationToken cancellationToken)
    {
        foreach (var entry in running)
        {
            cancellationToken.ThrowIfCancellationRequested();
            entry.Times.Add(side.Time(entry.Choices, steps));
        }

        log($"{name}: {string.Create(CultureInfo.InvariantCulture, $"{1000 * running.Single(e => e.Name.Length == 0).Times[^1].Wall:0.0}")} ms an update with soft targets alone");
    }

    private sealed class Entry(string name)
    {
        public string Name { get; } = name;

        public IReadOnlyList<ObjectiveOptions> Choices { get; set; } = [];

        public string? Reason { get; set; }

        public List<(double Wall, double Processor)> Times { get; } = [];

        public long? Bytes { get; set; }

        public ObjectiveCost Against(Entry alone)
        {
            if (Reason is not null)
                return new ObjectiveCost { Objective = Name, Reason = Reason };
            double[] added = [.. Times.Zip(alone.Times, (own, without) => 1000 * (own.Wall - without.Wall))];
            return new ObjectiveCost
            {
                Objective = Name,
                AddedMilliseconds = Spread.MedianOf(added),
                Range = new ObjectiveRange(added.Min(), added.Max()),
                AddedProcessorMilliseconds = Spread.MedianOf(Times.Zip(alone.Times, (own, without) => 1000 * (own.Processor - without.Processor))),
                AddedBytes = Bytes - alone.Bytes,
            };
        }
    }
}
