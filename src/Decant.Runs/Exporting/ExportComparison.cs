using Decant.Compression.Quantization;
using Decant.Evaluation;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;

namespace Decant.Runs.Exporting;

/// <summary>Exports the student of a run, and measures teacher, student and each compressed form in ONNX Runtime.</summary>
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
        var (data, log, section) = (step.Of.Data, session.Log.For(step.Task), step.Section);
        var (student, teacher) = (models[step.Student], step.Teacher is { } key ? models[key] : null);
        var signature = ExportedSignature.Of(student, data);
        var folder = Path.Combine(session.Folder.Root, step.Folder);
        var files = new ModelExporter(catalog, folder).Write(
            student, signature, section.Quantize, CalibrationSamples.Of(data, signature, section.CalibrationSamples), RangesFile.Find(folder), cancellationToken: cancellationToken);
        PreprocessorConfig.Write(folder, step.Of.Recipe.Input, data.Context.SampleShape);
        foreach (var note in files.SelectMany(f => f.Notes.Select(n => $"{f.Form}: {n}")))
            log.Note(note);
        using var teacherFile = teacher is null ? null : TeacherFile.Write(teacher, data, log.Note);
        MeasuredExport[] measured =
        [
            .. teacherFile is null ? [] : new[] { new MeasuredExport(Arms.Teacher, ModelExporter.Float32, null, teacherFile.Path, teacherFile.Signature, teacher!.Classes, teacher.Kind) },
            .. files.Select(f => new MeasuredExport(Arms.Student, f.Form, Path.GetRelativePath(session.Folder.Root, f.Path), f.Path, signature, student.Classes, student.Kind)),
        ];
        foreach (var figures in new ExportFigures(data, step.Of.Recipe, teacher).Measure(measured, answers, cancellationToken))
            log.Write(figures);
        log.Write(new LicencesStated { Teacher = TeacherLicence.Of(step.Of.Recipe, section), Data = section.DataLicence });
    }
}
