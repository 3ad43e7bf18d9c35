using System.Globalization;
using Decant.Runs.Hardware;
using Decant.Torch;
using Decant.Training;

namespace Decant.Bench;

/// <summary>Trains for long with a live teacher and looks whether memory, tensors and open files stay as they are.</summary>
internal static class SoakJob
{
    private const int Looks = 100;

    /// <summary>Trains all workloads that were requested.</summary>
    /// <param name="request">What and how long.</param>
    /// <param name="progress">Gets a line now and then.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="DecantException">A name that is not known, or too few steps.</exception>
    public static SoakReport Run(SoakRequest request, IProgress<BenchEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var workloads = Workloads.Find(request.Workloads);
        MachineFacts.Prepare(null);
        return new SoakReport([.. workloads.Select(w => Run(Sized(w, request.Batch), request.Steps, text => progress?.Report(new BenchEvent(w.Name, text)), cancellationToken))]);
    }

    internal static WorkloadSoak Run(Workload workload, int steps, Action<string> log, CancellationToken cancellationToken)
    {
        var epochs = steps / workload.BatchesPerEpoch;
        if (epochs < 20)
            throw new DecantException($"bench soak {workload.Name}: {steps} steps are {epochs} epochs of {workload.BatchesPerEpoch} batches, and every look is at the end of one; at least {20 * workload.BatchesPerEpoch} steps are needed.");
        using var folder = new BenchFolder(workload);
        using var side = new BenchSide(workload, folder.Path);
        var observer = new Looking(Math.Max(1, epochs / Looks) * workload.BatchesPerEpoch, steps, log);
        side.Live(steps, observer, cancellationToken);
        return new WorkloadSoak
        {
            Name = workload.Name,
            Steps = steps,
            Batch = workload.Batch,
            ResidentBytes = SoakFigure.Of(observer.Resident),
            LiveTensors = SoakFigure.Of(observer.Tensors),
            OpenHandles = SoakFigure.Of(observer.Handles),
        };
    }

    // As many batches to an epoch as before, so that no look falls elsewhere.
    private static Workload Sized(Workload workload, int? batch) =>
        batch is not { } size ? workload
        : size >= 1 ? workload with { Batch = size, Samples = size * workload.BatchesPerEpoch }
        : throw new DecantException($"--batch: expected at least 1, came {size}.");

    /// <summary>Looks at the end of epochs: then no batch is made ahead, and the tensors can be counted.</summary>
    private sealed class Looking(int every, int steps, Action<string> log) : ITrainingObserver
    {
        public List<double> Resident { get; } = [];

        public List<double> Tensors { get; } = [];

        public List<double> Handles { get; } = [];

        public void OnStep(StepReport report)
        {
            if (report.Step % every != 0)
                return;
            Resident.Add(ProcessFigures.ResidentBytes());
            Tensors.Add(Tensor.LiveCount);
            Handles.Add(ProcessFigures.OpenHandles());
            if (Resident.Count % 10 == 0)
                log(string.Create(CultureInfo.InvariantCulture, $"step {report.Step} of {steps}: {Resident[^1] / (1 << 20):0.0} MiB, {Tensors[^1]} tensors, {Handles[^1]} open files"));
        }

        public void OnValidation(ValidationReport report)
        {
        }

        public void OnEmptyBatch(long step)
        {
        }
    }
}
