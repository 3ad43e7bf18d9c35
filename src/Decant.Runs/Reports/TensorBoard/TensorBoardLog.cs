using System.Globalization;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Reports.TensorBoard;

/// <summary>Turns a run's events into TensorBoard's: a folder per arm and seed (and task, where there are several), so that student and control lie over each other.</summary>
/// <param name="folder">The folder to point TensorBoard at.</param>
/// <param name="clock">The clock that dates the scalars; the system's when null.</param>
internal sealed class TensorBoardLog(string folder, TimeProvider? clock = null) : IDisposable
{
    private readonly Dictionary<string, TensorBoardWriter> _writers = [];

    /// <summary>Writes the scalars of a step or a validation; other events have none. One read from a record keeps its time.</summary>
    /// <exception cref="DecantException">The disk is full or gone.</exception>
    public void Write(RunEvent happened)
    {
        switch (happened)
        {
            case StepTaken step:
                WriteStep(Writer(step, step.Arm, step.Seed), step);
                break;
            case Validated validated:
                foreach (var (name, value) in validated.Metrics)
                    Writer(validated, validated.Arm, validated.Seed).Scalar("validation/" + name, value, validated.Step, TimeOf(validated));
                break;
        }
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (var writer in _writers.Values)
            writer.Dispose();
        _writers.Clear();
    }

    private static void WriteStep(TensorBoardWriter writer, StepTaken step)
    {
        writer.Scalar("training/loss", step.Loss, step.Step, TimeOf(step));
        foreach (var (name, value) in step.Parts)
            writer.Scalar("training/" + name, value, step.Step, TimeOf(step));
        foreach (var (name, value) in step.Settings)
            writer.Scalar("training/" + name, value, step.Step, TimeOf(step));
        writer.Scalar("training/learning-rate", step.LearningRate, step.Step, TimeOf(step));
        writer.Scalar("training/samples-per-second", step.SamplesPerSecond, step.Step, TimeOf(step));
    }

    private static DateTimeOffset? TimeOf(RunEvent happened) => happened.Time == default ? null : happened.Time;

    private TensorBoardWriter Writer(RunEvent happened, string arm, long seed)
    {
        var run = string.Create(CultureInfo.InvariantCulture, $"{arm}{(happened.TaskName is { } task ? "@" + task : "")}-seed-{seed}");
        if (!_writers.TryGetValue(run, out var writer))
            _writers[run] = writer = new TensorBoardWriter(Path.Combine(folder, run), clock);
        return writer;
    }
}
