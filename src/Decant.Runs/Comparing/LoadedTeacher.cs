using System.Globalization;
using Decant.Data;
using Decant.Evaluation;
using Decant.Evaluation.Prediction;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Runs.Preparing;

namespace Decant.Runs.Comparing;

/// <summary>How good a teacher is that is loaded and not trained, before a run: on some validation samples.</summary>
internal static class LoadedTeacher
{
    /// <summary>How many samples it is evaluated on, at most; an accuracy then has a standard error of 3 points or less.</summary>
    public const int MostSamples = 256;

    /// <summary>"; accuracy 31.2 % on 256 validation samples, not measurably better than …"; empty where nothing is known without a model to compare with, or without samples.</summary>
    /// <param name="model">The teacher.</param>
    /// <param name="data">The samples; of the training split where there are none for validation.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public static string Words(Model model, PreparedData data, CancellationToken cancellationToken)
    {
        var (split, name) = data.Validation is { } validation ? (validation, "validation") : (data.Train, "training");
        var samples = Some(split);
        if (data.Context.Task is not (ModelTask.Classification or ModelTask.MultiLabel or ModelTask.TokenClassification or ModelTask.Regression) || samples.Count == 0)
            return "";
        var answers = Predictor.Ask(model, data.Once(samples), EvaluationTasks.Of(data, split, model, cancellationToken: cancellationToken), null, cancellationToken);
        var metric = answers.Headline;
        var figure = new MetricWords(metric, 1).Value(answers.Metrics()[metric.Name]);
        var trivial = new TrivialAnswerTests(data);
        _ = trivial.Test(Decant.Runs.Reports.Record.Arms.Teacher, answers);
        var shortfall = trivial.ShortfallOf(Decant.Runs.Reports.Record.Arms.Teacher) is { } s ? $", not measurably better than {s.Answer}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"; {MetricWords.Name(metric)} {figure} on {answers.Count:N0} {name} samples{shortfall}");
    }

    /// <summary>Labelled samples, evenly spaced over the split: files are often sorted by class.</summary>
    private static Dataset Some(Dataset split)
    {
        var labelled = Enumerable.Range(0, split.Count).Where(split.IsLabelled).ToArray();
        return labelled.Length <= MostSamples ? split.Subset(labelled)
            : split.Subset([.. Enumerable.Range(0, MostSamples).Select(i => labelled[(int)((long)i * labelled.Length / MostSamples)])]);
    }
}
