using Decant.Evaluation;
using Decant.Evaluation.TrivialAnswers;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Comparing;

/// <summary>Puts what was measured into the record's plain values; neither room knows the other.</summary>
internal static class EvaluationEvents
{
    /// <summary>One model's figures on one split.</summary>
    public static Evaluated ToEvent(this ModelEvaluation evaluation, string arm, long seed, string split) => new()
    {
        Arm = arm,
        Seed = seed,
        Split = split,
        Samples = evaluation.Samples,
        Rows = evaluation.Rows,
        Metrics = evaluation.Metrics,
        PerClass = [.. evaluation.PerClass.Select(c => new ClassResult(c.Precision, c.Recall, c.F1, c.Support))],
        Confusion = evaluation.Confusion?.ToRows() ?? [],
        Calibration = [.. evaluation.Calibration?.Bins.Select(b => new ReliabilityBin(b.Low, b.High, b.Count, b.Confidence, b.Accuracy)) ?? []],
        Entities = evaluation.PerEntity.Count == 0 ? null : [.. evaluation.PerEntity.Select(e => new EntityResult(e.Type, e.Precision, e.Recall, e.F1, e.Support))],
        Outputs = evaluation.PerOutput.Count == 0 ? null : [.. evaluation.PerOutput.Select(o => new OutputResult(o.Pearson, o.Spearman, o.MeanSquaredError, o.MeanAbsoluteError))],
        Agreement = evaluation.Agreement is { } a ? new TeacherAgreement(a.SameAnswer, a.MeanKl) : null,
    };

    /// <summary>One model against an answer that needs no model.</summary>
    public static TrivialAnswerResult? ToResult(this TrivialAnswerTest? test) => test is null ? null : new(test.Answer, test.Score, test.PValue, test.IsBeaten);

    /// <summary>One model's speed.</summary>
    public static LatencyMeasured ToEvent(this LatencyResult latency) => new()
    {
        Arm = latency.Name,
        One = new LatencyFigures(latency.One.Count, latency.One.P50, latency.One.P90, latency.One.P95, latency.One.P99, latency.One.Min),
        SamplesPerSecond = latency.SamplesPerSecond,
        BatchSize = LatencyProbe.BatchSize,
    };

    /// <summary>A comparison with its sentence.</summary>
    public static Comparison ToEvent(this PairedDifference difference, string a, string b, string sentence) => new()
    {
        A = a,
        B = b,
        Metric = difference.Metric.Name,
        Difference = difference.Difference,
        Low = difference.Low,
        High = difference.High,
        Confidence = difference.Confidence,
        Seeds = difference.Seeds,
        Units = difference.Samples,
        Unit = difference.Unit,
        P = difference.PValue,
        Verdict = difference.Verdict.Name(),
        Sentence = sentence,
    };

    /// <summary>The verdict's name in records and summaries.</summary>
    public static string Name(this Verdict verdict) => verdict switch
    {
        Verdict.Helped => "helped",
        Verdict.Hurt => "hurt",
        Verdict.Better => "better",
        Verdict.Worse => "worse",
        _ => "no-difference",
    };
}
