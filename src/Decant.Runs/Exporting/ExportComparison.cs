using Decant.Compression.Quantization.Agreement;
using Decant.Evaluation;
using Decant.Evaluation.Prediction;
using Decant.Export.Onnx;
using Decant.Export.Onnx.Running;
using Decant.Export.Onnx.Signatures;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Runs.Comparing;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;

namespace Decant.Runs.Exporting;

/// <summary>Exports the student of a run, and measures teacher, student and each compressed form in ONNX Runtime: quality, agreement, size, speed, memory.</summary>
/// <param name="catalog">Names the forms.</param>
/// <param name="session">The run.</param>
internal sealed class ExportComparison(Catalog catalog, RunSession session)
{
    /// <summary>Does it.</summary>
    /// <param name="step">What.</param>
    /// <param name="models">The models.</param>
    /// <param name="answers">The answers of an arm's first seed on the test split.</param>
    /// <param name="cancellationToken">Stops between models.</param>
    public void Write(ExportStep step, IStepInputs models, Func<string, TaskAnswers?> answers, CancellationToken cancellationToken)
    {
        var (data, log) = (step.Of.Data, session.Log.For(step.Task));
        var student = models[step.Student];
        var signature = ExportedSignature.Of(student, data);
        var samples = ExportSamples.Of(data, signature, step.Section.CalibrationSamples);
        var folder = Path.Combine(session.Folder.Root, step.Folder);
        var files = new ModelExporter(catalog, folder).Write(student, signature, step.Section.Quantize, samples, cancellationToken: cancellationToken);
        PreprocessorConfig.Write(folder, step.Of.Recipe.Input, data.Context.SampleShape);
        using var teacher = TeacherFile.Write(models[step.Teacher], data, log.Note);
        var measured = new List<MeasuredExport>();
        try
        {
            if (teacher is not null)
                measured.Add(new MeasuredExport(Arms.Teacher, "float32", null, teacher.Path, teacher.Signature, models[step.Teacher]));
            measured.AddRange(files.Select(f => new MeasuredExport(Arms.Student, f.Form, Path.GetRelativePath(session.Folder.Root, f.Path), f.Path, signature, student)));
            var speeds = ExportSpeed.Measure([.. measured.Select(m => (m.Path, m.Signature))], data, step.Of.Recipe.Evaluate.LatencyRuns, cancellationToken);
            foreach (var (file, speed) in measured.Zip(speeds))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var along = data.Context.Task.AskTeacherAlong() && (file.Arm != Arms.Teacher || data.Context.Task == ModelTask.Embedding) ? models[step.Teacher] : null;
                log.Write(Figures(file, speed, step, (answers(file.Arm)!, along), measured.First(m => m.Arm == file.Arm), cancellationToken));
            }
        }
        finally
        {
            foreach (var note in files.SelectMany(f => f.Notes.Select(n => $"{f.Form}: {n}")))
                log.Note(note);
        }
    }

    private static ExportMeasured Figures(
        MeasuredExport file, ExportSpeed speed, ExportStep step, (TaskAnswers Own, Model? Along) beside, MeasuredExport reference, CancellationToken cancellationToken)
    {
        var data = step.Of.Data;
        using var model = new OnnxModel(OnnxSession.Open(file.Path), file.Signature, file.Model.Classes, file.Model.Kind);
        var given = Predictor.Ask(model, data.Once(data.Test), EvaluationTasks.Of(data, data.Test), beside.Along, cancellationToken);
        var options = new PairedOptions { Resamples = step.Of.Recipe.Evaluate.Bootstrap, Confidence = step.Of.Recipe.Evaluate.ConfidenceLevel, Seed = (ulong)step.Of.Recipe.RunSeeds()[0] };
        var difference = PairedDifference.Of([given], [beside.Own], options);
        return new ExportMeasured
        {
            Arm = file.Arm,
            Form = file.Form,
            File = file.File,
            Bytes = new FileInfo(file.Path).Length,
            Metric = difference.Metric.Name,
            Score = given.Evaluate(null).Metrics[difference.Metric.Name],
            Loss = file.Arm == Arms.Teacher ? null : difference.ToEvent($"{file.Arm} in {file.Form}", file.Arm, ""),
            Agreement = file == reference ? null : Agreement(reference, file, step),
            OneThread = speed.OneThread.Figures(),
            SamplesPerSecond = speed.OneThread.SamplesPerSecond,
            AllThreads = speed.AllThreads?.Figures(),
            SamplesPerSecondAllThreads = speed.AllThreads?.SamplesPerSecond,
            Threads = speed.Threads,
            FirstAnswer = speed.Cold.FirstAnswer,
            PeakBytes = speed.Cold.PeakBytes,
        };
    }

    private static ExportAgreement Agreement(MeasuredExport reference, MeasuredExport file, ExportStep step)
    {
        using var first = OnnxSession.Open(reference.Path);
        using var second = OnnxSession.Open(file.Path);
        var figures = OnnxAgreement.Measure(first, second, ExportSamples.OfTest(step.Of.Data, file.Signature), file.Signature.AnswerName);
        var areClasses = step.Of.Recipe.Task is not (ModelTask.Regression or ModelTask.Embedding);
        return areClasses ? new(figures.Rows, figures.SameAnswer, figures.KlMedian, figures.Kl99, null) : new(figures.Rows, null, null, null, figures.CosineMedian);
    }

    private sealed record MeasuredExport(string Arm, string Form, string? File, string Path, GraphSignature Signature, Model Model);
}
