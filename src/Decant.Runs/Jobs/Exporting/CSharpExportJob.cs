using Decant.Export;
using Decant.Files;
using Decant.Runs.Exporting;
using Decant.Runs.Exporting.CSharp;
using Decant.Runs.Running;
using Decant.Text.Files;

namespace Decant.Runs.Jobs.Exporting;

/// <summary>Writes a class library around a trained model, so that a program calls it as a method.</summary>
/// <param name="catalog">The kinds that recipes name.</param>
internal sealed class CSharpExportJob(Catalog catalog)
{
    private const string ModelPart = "model";

    /// <summary>Writes the project. What the run exported already is taken as it is; what is wanted beyond that is exported.</summary>
    /// <param name="model">A model's folder, or a run's (its student).</param>
    /// <param name="name">The class, perhaps with its namespace.</param>
    /// <param name="request">The forms, and the folder; default: one of the project's name in the current folder.</param>
    /// <param name="notify">Gets a line before each file; null: nothing.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    /// <exception cref="DecantException">The name is none of C#, the folder is not empty, or the model cannot be exported. Nothing is left half-written.</exception>
    public CSharpExportResult Run(string model, string name, ExportRequest request, Action<string>? notify = null, CancellationToken cancellationToken = default)
    {
        var parsed = CSharpName.Parse(name);
        var path = EvaluateJob.ModelPath(model);
        var config = ModelFolder.ReadConfig(path);
        CSharpProject.CheckServed(config.Task, TokenizerFile.Exists(path), path);
        var target = Path.GetFullPath(request.Output ?? parsed.Full);
        using var project = new NewFolder(target);
        var file = Export(path, Path.Combine(project.Filled, ModelPart), request, notify, cancellationToken);
        var student = new Student
        {
            Name = parsed,
            Task = config.Task,
            Labels = config.ClassNames,
            ReadsText = TokenizerFile.Exists(path),
            ReadsPairs = PairMark.IsIn(path),
            Summary = config.Summary,
            Form = file.Form,
            Bytes = file.Bytes,
            Version = RunDescription.Version,
        };
        CSharpProject.Write(project.Filled, student);
        cancellationToken.ThrowIfCancellationRequested();
        project.Complete();
        return new CSharpExportResult(target, student.Form, student.Bytes, [.. CSharpProject.Files(student).Select(f => f.Name)]);
    }

    // The settings, the tokenizer, and of the ONNX files the one that is run.
    private ChosenFile Export(string path, string folder, ExportRequest request, Action<string>? notify, CancellationToken cancellationToken)
    {
        var isThere = request.Quantize.Count == 0 && ChosenFile.IsIn(path);
        var home = folder + ".all";
        if (!isThere)
            _ = new ExportJob(catalog).Run(path, request with { Output = home }, notify, cancellationToken);
        var chosen = ChosenFile.Of(isThere ? path : home, request.Quantize);
        Directory.CreateDirectory(Path.Combine(folder, OnnxFiles.Folder));
        foreach (var part in chosen.Parts)
            File.Copy(part, Path.Combine(folder, OnnxFiles.Folder, Path.GetFileName(part)));
        CompanionFiles.Copy(isThere ? path : home, folder);
        if (!isThere)
            Directory.Delete(home, recursive: true);
        return chosen with { Path = Path.Combine(folder, OnnxFiles.Folder, Path.GetFileName(chosen.Path)) };
    }
}
