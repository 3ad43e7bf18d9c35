using System.Collections;
using System.Diagnostics;
using System.Globalization;
using Decant.Runs;
using Decant.Runs.Hardware;
using Decant.Runs.Reports.Record;
using Decant.Torch;

namespace Decant.Bench;

/// <summary>Compares Decant's training with a plain PyTorch loop: the same models, weights, samples and batches, in turn in one run.</summary>
/// <param name="self">The command that starts this program again, and its first arguments.</param>
internal sealed class BenchJob(IReadOnlyList<string> self)
{
    /// <summary>The hidden command that runs <see cref="BenchSideProtocol"/>.</summary>
    public const string SideCommand = "bench-side";

    /// <summary>Debian's Python, with the libtorch that Decant runs on.</summary>
    public const string DefaultPython = PyTorch.DefaultPython;

    /// <summary>Measures the workloads that were requested.</summary>
    /// <param name="request">What and how.</param>
    /// <param name="progress">Gets a line for every pair.</param>
    /// <param name="cancellationToken">Stops, and ends the processes that were started.</param>
    /// <exception cref="DecantException">A name that is not known, no PyTorch, or sides that do not compute the same.</exception>
    public BenchReport Run(BenchRequest request, IProgress<BenchEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var workloads = Workloads.Find(request.Workloads);
        var facts = MachineFacts.Prepare(request.Threads);
        var python = request.Python is { } program ? new PyTorch(program, facts.BlasKernels) : null;
        var version = python?.Version();
        var machine = Machine(facts, version);
        var reports = new List<WorkloadReport>();
        foreach (var workload in workloads)
            reports.Add(Measure(workload, request, python, text => progress?.Report(new BenchEvent(workload.Name, text)), cancellationToken));
        return new BenchReport(machine, reports);
    }

    /// <summary>Measures what objectives add to soft targets, the memory of each in a process of its own.</summary>
    /// <param name="catalog">The kinds; a process of its own has the built-in ones only.</param>
    /// <param name="request">What and how.</param>
    /// <param name="progress">Gets a line for every round.</param>
    /// <param name="cancellationToken">Stops, and ends the process that runs.</param>
    /// <exception cref="DecantException">A kind that there is not.</exception>
    public ObjectiveBenchReport Objectives(Catalog catalog, ObjectiveBenchRequest request, IProgress<BenchEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new ObjectiveBenchJob(catalog, Peak).Run(request, progress, cancellationToken);

        long Peak(string pair, string objective, CancellationToken token)
        {
            using var peer = Ours(ObjectiveMemory.Prefix + pair, objective, request.Threads, token);
            return peer.Ask("memory", token)["peak_bytes"]!.GetValue<long>();
        }
    }

    private WorkloadReport Measure(Workload workload, BenchRequest request, PyTorch? python, Action<string> log, CancellationToken cancellationToken)
    {
        log(workload.About);
        using var folder = new BenchFolder(workload);
        using var ours = Ours(workload.Name, folder.Path, request.Threads, cancellationToken);
        using var standard = python?.Start(workload.Name, folder.Path, isTuned: false, cancellationToken);
        using var tuned = python?.Start(workload.Name, folder.Path, isTuned: true, cancellationToken);
        var report = new WorkloadBench(workload, request, log).Measure(ours, standard, tuned, cancellationToken);
        return workload.Name != HeadMemory.Workload ? report : report with { Head = Head(request, folder.Path, cancellationToken) };
    }

    private HeadFigures Head(BenchRequest request, string folder, CancellationToken cancellationToken)
    {
        return new HeadFigures(Peak(HeadMemory.Parts), Peak(HeadMemory.Whole));

        long Peak(string side)
        {
            using var peer = Ours(side, folder, request.Threads, cancellationToken);
            return peer.Ask("memory", cancellationToken)["peak_bytes"]!.GetValue<long>();
        }
    }

    private BenchPeer Ours(string workload, string folder, int? threads, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(self[0], [.. self.Skip(1), SideCommand, workload, folder]);
        if (threads is { } count)
        {
            start.ArgumentList.Add("--threads");
            start.ArgumentList.Add(count.ToString(CultureInfo.InvariantCulture));
        }

        return new BenchPeer($"our side of {workload}", start, cancellationToken);
    }

    internal static BenchMachine Machine(Machine facts, string? version) => new()
    {
        Facts = facts,
        Environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(entry => (Key: (string)entry.Key, Value: (string?)entry.Value ?? ""))
            .Append((Key: "OMP_WAIT_POLICY", Value: Runtime.WaitPolicy)) // set by Decant where the environment does not
            .DistinctBy(entry => entry.Key)
            .Where(entry => entry.Key.StartsWith("OMP_", StringComparison.Ordinal) || entry.Key.StartsWith("OPENBLAS_", StringComparison.Ordinal))
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .ToDictionary(entry => entry.Key, entry => entry.Value),
        Pytorch = version,
    };
}
