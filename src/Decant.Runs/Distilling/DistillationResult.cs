using Decant.Modules;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;
using Decant.Runs.Running;

namespace Decant.Runs.Distilling;

/// <summary>What a distillation came to.</summary>
public sealed class DistillationResult
{
    private readonly ModelSource _student;
    private readonly RunView _view;

    internal DistillationResult(RunResult run, ModelSource student)
    {
        (_student, Record, Folder) = (student, run.Record, run.Folder.Root);
        _view = new RunView(run.Record);
    }

    /// <summary>The run's folder: models, record, report.</summary>
    public string Folder { get; }

    /// <summary>The report, an HTML file.</summary>
    public string Report => Path.Combine(Folder, "report.html");

    /// <summary>Everything that happened.</summary>
    public RunRecord Record { get; }

    /// <summary>Every comparison that was made, with its interval and its sentence.</summary>
    public IReadOnlyList<Comparison> Comparisons => [.. Record.Events.OfType<Comparison>()];

    /// <summary>What distillation bought, in a sentence: student against control; without a control, student against teacher.</summary>
    public string Verdict => (_view.Verdict ?? _view.Gap)?.Sentence ?? "Nothing was compared.";

    /// <summary>The metric that models of the task are compared by, such as <c>accuracy</c>.</summary>
    public string Metric => (_view.Verdict ?? _view.Gap)?.Metric ?? "";

    /// <summary>A figure on the test split, the mean over the seeds.</summary>
    /// <param name="arm">One of <see cref="Arms"/>, such as <c>teacher</c>, <c>student</c>, <c>control</c>.</param>
    /// <param name="metric">The metric; null: <see cref="Metric"/>.</param>
    /// <exception cref="ArgumentException">The run has no such arm, or does not measure that.</exception>
    public double Figure(string arm, string? metric = null)
    {
        double[] values = [.. Record.Events.OfType<Evaluated>().Where(e => e.Arm == arm && e.Split == "test" && e.Metrics.ContainsKey(metric ?? Metric)).Select(e => e.Metrics[metric ?? Metric])];
        return values.Length > 0 ? values.Average() : throw new ArgumentException($"The run has no {metric ?? Metric} of '{arm}'; it has measured {string.Join(", ", Record.Events.OfType<Evaluated>().Select(e => e.Arm).Distinct())}.", nameof(arm));
    }

    /// <summary>The distilled student of the first seed, in evaluation mode; the caller disposes it.</summary>
    public Model LoadStudent() => _student.Load(Path.Combine(Folder, Arms.Student));

    /// <summary>The verdict.</summary>
    public override string ToString() => Verdict;
}
