using Decant.Compression.Quantization.Agreement;
using Decant.Evaluation;
using Decant.Evaluation.Prediction;
using Decant.Export.Onnx;
using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Running;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Runs.Comparing;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Exporting;

/// <summary>Measures exported files on the test split, in ONNX Runtime: quality, agreement, size, speed, memory.</summary>
/// <param name="data">The data.</param>
/// <param name="recipe">How it is measured.</param>
/// <param name="teacher">The model whose answers metrics compare with, where some do; null: none.</param>
internal sealed class ExportFigures(PreparedData data, Recipe recipe, Model? teacher)
{
    private PairedOptions Paired => new() { Resamples = recipe.Evaluate.Bootstrap, Confidence = recipe.Evaluate.ConfidenceLevel, Seed = (ulong)recipe.RunSeeds()[0] };

    /// <summary>Measures them, one after the other; their speeds in turn.</summary>
    /// <param name="files">The files; the first of each arm is the one in float32.</param>
    /// <param name="answers">The answers of the model that an arm's files were made of; null: they are not compared.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    public IEnumerable<ExportMeasured> Measure(IReadOnlyList<MeasuredExport> files, Func<string, TaskAnswers?> answers, CancellationToken cancellationToken)
    {
        var speeds = ExportSpeed.Measure([.. files.Select(f => (f.Path, f.Signature))], data, recipe.Evaluate.LatencyRuns, cancellationToken);
        foreach (var (file, speed) in files.Zip(speeds))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var reference = files.First(f => f.Arm == file.Arm);
            yield return Figures(file, speed, answers(file.Arm), cancellationToken) with { Agreement = file == reference ? null : Agreement(reference, file) };
        }
    }

    private ExportMeasured Figures(MeasuredExport file, ExportSpeed speed, TaskAnswers? own, CancellationToken cancellationToken)
    {
        var asksAlong = data.AsksTeacherAlong && !data.HasOwnTeacherInput && (file.Arm != Arms.Teacher || data.Context.Task == ModelTask.Embedding);
        using var model = new OnnxModel(OnnxSession.Open(file.Path), file.Signature, file.Classes, file.Kind);
        var given = Predictor.Ask(model, data.Once(data.Test), EvaluationTasks.Of(data, data.Test, model, cancellationToken: cancellationToken), asksAlong ? teacher : null, cancellationToken);
        var difference = PairedDifference.Of([given], [own ?? given], Paired);
        var beside = new FileInfo(Path.Combine(Path.GetDirectoryName(file.Path)!, OnnxFile.DataName(file.Path)));
        return new ExportMeasured
        {
            Arm = file.Arm,
            Form = file.Form,
            File = file.File,
            Bytes = new FileInfo(file.Path).Length + (beside.Exists ? beside.Length : 0),
            Metric = difference.Metric.Name,
            Score = given.Evaluate(null).Metrics[difference.Metric.Name],
            Loss = own is null || file.Arm == Arms.Teacher ? null : difference.ToEvent($"{file.Arm} in {file.Form}", file.Arm, ""),
            OneThread = speed.OneThread.Figures(),
            SamplesPerSecond = speed.OneThread.SamplesPerSecond,
            AllThreads = speed.AllThreads?.Figures(),
            SamplesPerSecondAllThreads = speed.AllThreads?.SamplesPerSecond,
            Threads = speed.Threads,
            FirstAnswer = speed.Cold.FirstAnswer,
            PeakBytes = speed.Cold.PeakBytes,
        };
    }

    private ExportAgreement Agreement(MeasuredExport reference, MeasuredExport file)
    {
        using var first = OnnxSession.Open(reference.Path);
        using var second = OnnxSession.Open(file.Path);
        var figures = OnnxAgreement.Measure(first, second, ExportSamples.OfTest(data, file.Signature), file.Signature.AnswerName);
        return recipe.Task is ModelTask.MultiLabel or ModelTask.Regression or ModelTask.Embedding
            ? new(figures.Rows, null, null, null, figures.CosineMedian)
            : new(figures.Rows, figures.SameAnswer, figures.KlMedian, figures.Kl99, null);
    }
}
