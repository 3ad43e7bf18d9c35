using Decant.Runs.Planning;
using Decant.Runs.Reports.Log;
using Decant.Runs.Reports.Record;
using Decant.Training;

namespace Decant.Runs.Running;

/// <summary>Turns what a training reports into events of the run, a thousand recorded steps per arm at most.</summary>
internal sealed class ArmObserver(RunLog log, string arm, long seed, long totalSteps, ArmRollouts? rollouts = null) : ITrainingObserver
{
    private const int RecordedSteps = 1000;
    private static readonly TimeSpan s_shownEvery = TimeSpan.FromMilliseconds(100);

    private readonly long _every = Math.Max(1, totalSteps / RecordedSteps);
    private (long Samples, TimeSpan At) _before;
    private long _samples;
    private double _rate;
    private TimeSpan _shown = TimeSpan.FromDays(-1);
    private int _empty;

    public void OnStep(StepReport report)
    {
        _samples += report.Samples;
        var window = report.Elapsed - _before.At;
        if (window > TimeSpan.FromSeconds(0.5) || _rate == 0)
        {
            _rate = (_samples - _before.Samples) / Math.Max(1e-6, window.TotalSeconds);
            _before = (_samples, report.Elapsed);
        }

        // The loss is read only when it is recorded: reading waits for the device.
        var isRecorded = report.Step % _every == 0 || report.Step == 1 || report.Step == totalSteps;
        if (!isRecorded && report.Elapsed - _shown < s_shownEvery)
            return;
        _shown = report.Elapsed;
        var step = new StepTaken
        {
            Arm = arm,
            Seed = seed,
            Step = report.Step,
            Epoch = report.Epoch,
            Loss = report.Loss,
            Parts = report.Parts,
            Settings = report.Written.Count == 0 ? report.Settings : new Dictionary<string, double>(report.Settings.Concat(report.Written), StringComparer.Ordinal),
            LearningRate = report.LearningRate,
            SamplesPerSecond = _rate,
        };
        if (isRecorded && report.Written.Count > 0)
            rollouts?.Updated(report.Loss, report.GradientNorm);
        if (isRecorded)
            log.Write(step);
        else
            log.Show(step);
    }

    public void OnValidation(ValidationReport report)
    {
        log.Write(new Validated { Arm = arm, Seed = seed, Epoch = report.Epochs, Step = report.Step, Metrics = report.Scores });
        foreach (var fault in rollouts?.Faults() ?? [])
            log.Note($"{arm} (seed {seed}), after step {report.Step}: {fault}");
    }

    public void OnEmptyBatch(long step)
    {
        if (_empty++ == 0)
            log.Note($"Step {step} of the {arm} has no loss: no sample of its batch counted for any objective. Later ones are not reported.");
    }
}
