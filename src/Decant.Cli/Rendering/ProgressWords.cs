using System.Globalization;
using Decant.Runs.Reports.Record;

namespace Decant.Cli.Rendering;

/// <summary>The events of a run in words; the same on a terminal and in a log.</summary>
internal static class ProgressWords
{
    private const int MostMetrics = 3;
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static string Started(RunStarted run)
    {
        var seeds = run.Seeds.Count > 1 ? $", seeds {string.Join(", ", run.Seeds)}" : "";
        var machine = run.Machine is { Threads: > 0 } m ? $", {m.Threads} {(m.Threads == 1 ? "thread" : "threads")}" : "";
        return run.Name + seeds + machine;
    }

    public static string Data(DataDescribed data)
    {
        var splits = string.Join(", ", data.Splits.Select(s => $"{Count(s.Value)} {s.Key}"));
        var labels = data.StudentLabels is { } n ? $", the student sees {Count(n)} labels" : "";
        var classes = data.Classes.Count > 0 ? $"{data.Classes.Count} classes, " : "";
        return $"{Of(data)}data: {classes}{splits}{labels}";
    }

    public static string Model(ModelDescribed model) =>
        model.IsRemote ? $"{Of(model)}{model.Role}: {model.Summary}" : $"{Of(model)}{model.Role}: {(model.Summary.Length > 0 ? model.Summary : model.Kind)}, {Count(model.Parameters)} parameters";

    public static string Resumed(Resumed resumed) => resumed switch
    {
        { Arm: null } => "resumed between two arms",
        { Step: 0 } => $"resumed at the start of {Of(resumed)}the {Name(resumed.Arm, resumed.Seed)}",
        _ => $"resumed after step {Count(resumed.Step)} of {Of(resumed)}the {Name(resumed.Arm, resumed.Seed)}",
    };

    public static string Begin(ArmStarted arm) =>
        $"{Of(arm)}{Name(arm.Arm, arm.Seed)}: {(arm.Stage is { } stage && Arms.OwnerOf(arm.Arm) is null ? $"stage {stage}, " : "")}{arm.Epochs} {(arm.Epochs == 1 ? "epoch" : "epochs")}, {Count(arm.Steps)} steps{(arm.Objectives.Length > 0 ? $", {arm.Objectives}" : "")}";

    public static string Step(ArmProgress arm, StepTaken step)
    {
        var total = arm.Started.Steps > 0 ? $"/{Count(arm.Started.Steps)} {Percent(arm.Share)}" : "";
        return $"{Of(step)}{Name(step.Arm, step.Seed)}: step {Count(step.Step)}{total}, {Figures(step)}{Left(arm.Remaining())}";
    }

    /// <summary>Loss with its parts, learning rate and pace.</summary>
    public static string Figures(StepTaken step)
    {
        var parts = step.Parts.Count > 1 ? $" ({string.Join(", ", step.Parts.Select(p => $"{p.Key} {Short(p.Value)}"))})" : "";
        var rate = step.SamplesPerSecond > 0 ? $", {Count((long)Math.Round(step.SamplesPerSecond))} samples/s" : "";
        return $"loss {Short(step.Loss)}{parts}, lr {Short(step.LearningRate)}{rate}";
    }

    /// <summary>How far a model is with answering samples: <c>teacher answers for student (seed 1): 1,200/5,452 22 %, 310 samples/s, 14 s left</c>.</summary>
    public static string Answers(AnswersAsked asked) => asked switch
    {
        { Arm: "", IsComplete: true } => $"{Subject(asked)}: {Duration(asked.Seconds)}",
        { IsComplete: true } => $"{Subject(asked)}: {Count(asked.Total)} samples in {Duration(asked.Seconds)}{Rate(asked)}",
        { Arm: "", Samples: 0 } => $"{Subject(asked)} begins",
        _ => $"{Subject(asked)}: {Pace(asked)}",
    };

    /// <summary>Counts, share, samples per second and the time to go.</summary>
    public static string Pace(AnswersAsked asked) => $"{Count(asked.Samples)}/{Count(asked.Total)} {Percent(Share(asked))}{Rate(asked)}{Left(asked.SecondsLeft)}";

    /// <summary>What is answered, and by which arm or for which.</summary>
    public static string Subject(AnswersAsked asked) => Of(asked) + asked switch
    {
        { Arm: "" } => asked.Purpose == AnswersAsked.Latency ? $"{asked.Purpose} of {Count(asked.Total)} {(asked.Total == 1 ? "model" : "models")}" : asked.Purpose,
        { Purpose: AnswersAsked.TeacherAnswers } => $"{asked.Purpose} for {Name(asked.Arm, asked.Seed)}",
        { Seed: 0 } => $"{asked.Arm}, {asked.Purpose}",
        _ => $"{Name(asked.Arm, asked.Seed)}, {asked.Purpose}",
    };

    public static double Share(AnswersAsked asked) => asked.Total == 0 ? 0 : Math.Clamp((double)asked.Samples / asked.Total, 0, 1);

    private static string Rate(AnswersAsked asked) =>
        asked is { Arm.Length: > 0, Samples: > 0, Seconds: > 0 } ? $", {Count((long)Math.Round(asked.Samples / asked.Seconds))} samples/s" : "";

    public static string Left(double? seconds) => seconds is { } s ? $", {Duration(s)} left" : "";

    public static string Validation(Validated validated) =>
        $"{Of(validated)}{Name(validated.Arm, validated.Seed)}: epoch {validated.Epoch.ToString("0.##", Culture)}, validation {Metrics(validated)}";

    public static string Metrics(Validated validated) => string.Join(", ", validated.Metrics.Take(MostMetrics).Select(m => $"{m.Key} {Metric(m.Key, m.Value)}"));

    public static string End(ArmFinished arm)
    {
        var best = arm is { BestMetric: { } value, MetricName: { } name } ? $", best {name} {Metric(name, value)} at step {Count(arm.BestStep)}" : "";
        return $"{Of(arm)}{Name(arm.Arm, arm.Seed)}: {(arm.Stopped.Length > 0 ? arm.Stopped : "done")} after {Duration(arm.Seconds)}{best}";
    }

    public static string Evaluation(Evaluated evaluated) =>
        $"{Of(evaluated)}{Name(evaluated.Arm, evaluated.Seed)}: {evaluated.Split} {string.Join(", ", evaluated.Metrics.Take(MostMetrics).Select(m => $"{m.Key} {Metric(m.Key, m.Value)}"))}";

    public static string Texts(TextsMeasured texts) =>
        $"{Of(texts)}{Name(texts.Arm, texts.Seed)}: {Count(texts.Samples)} test prompts continued, {string.Join(", ", texts.Metrics.Take(MostMetrics).Select(m => $"{m.Key} {Metric(m.Key, m.Value)}"))}";

    /// <summary>The task that an event is about, as the prefix of its line; empty where it is about the whole run.</summary>
    public static string Of(RunEvent happened) => happened.TaskName is { } task ? $"{task}/" : "";

    public static string Name(string arm, long seed) => $"{arm} (seed {seed.ToString(Culture)})";

    public static string Count(long value) => value.ToString("N0", Culture);

    public static string Percent(double share) => (100 * share).ToString("0", Culture) + " %";

    /// <summary>Three significant figures: 0.812, 5E-4, 12.3.</summary>
    public static string Short(double value) => !double.IsFinite(value) ? "not finite" : Math.Abs(value) switch
    {
        0 => "0",
        < 1e-3 or >= 1e6 => value.ToString("0.##E+0", Culture).Replace("E", "e", StringComparison.Ordinal),
        < 1 => value.ToString("0.###", Culture),
        < 100 => value.ToString("0.0#", Culture),
        _ => value.ToString("N0", Culture),
    };

    public static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds) || seconds > TimeSpan.MaxValue.TotalSeconds / 2) return "very long";
        var time = TimeSpan.FromSeconds(Math.Round(Math.Max(0, seconds)));
        if (time.TotalMinutes < 1) return $"{time.Seconds} s";
        if (time.TotalHours < 1) return $"{time.Minutes} min {time.Seconds} s";
        return $"{(long)time.TotalHours} h {time.Minutes} min";
    }

    // Every share that Decant has a name for; what is not one is a plain number.
    private static string Metric(string name, double value) => name[(name.LastIndexOf('/') + 1)..] switch
    {
        "accuracy" or "micro-f1" or "micro-precision" or "micro-recall" or "exact-match" or "macro-f1" or "weighted-f1" or "ece" or "entity-f1" or "entity-precision" or "entity-recall" or "word-accuracy" or "token-accuracy" or "rouge-l" or "text-exact-match" or "distinct-1" or "distinct-2" or "ndcg@10" or "mrr@10" or "recall@10" =>
            (100 * value).ToString("0.0", Culture) + " %",
        "perplexity" when double.IsFinite(value) => value.ToString("0.00", Culture),
        "bits-per-byte" or "pearson" or "spearman" or "teacher-cosine" or "teacher-spearman" when double.IsFinite(value) => value.ToString("0.000", Culture),
        _ => Short(value),
    };
}
