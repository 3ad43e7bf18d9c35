using System.Text.Json.Nodes;
using Decant.Compression.Quantization;
using Decant.Export;
using Decant.Export.Onnx.Running;
using Decant.Export.Onnx.Signatures;
using Decant.Files;
using Decant.Models.Configuration;
using Decant.Models.Decoder;
using Decant.Modules;
using Decant.Runs.Exporting;
using Decant.Runs.Hardware;
using Decant.Runs.Jobs.Prediction;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;
using Decant.Text.Files;

namespace Decant.Runs.Jobs.Exporting;

/// <summary>Exports a trained model to ONNX: a folder that ONNX Runtime, transformers.js and <c>Decant.Inference</c> open.</summary>
/// <param name="catalog">The kinds that recipes name.</param>
public sealed class ExportJob(Catalog catalog)
{
    /// <summary>Exports a model.</summary>
    /// <param name="model">A model's folder, or a run's (its student).</param>
    /// <param name="request">What and where to.</param>
    /// <param name="notify">Gets a line before each file; null: nothing.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    /// <returns>The files that were written, with their sizes in bytes.</returns>
    /// <exception cref="DecantException">There is no such model, it cannot be exported, a form needs samples that are not there, or something is in the folder to write to already. Of a folder of its own nothing is left behind.</exception>
    public ExportResult Run(string model, ExportRequest request, Action<string>? notify = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        ArgumentNullException.ThrowIfNull(request);
        var path = EvaluateJob.ModelPath(model);
        using var target = request.Output is { } output && !IsSame(output, path) ? new NewFolder(output) : null;
        var folder = target?.Filled ?? path;
        MachineFacts.Prepare(null);
        using var loaded = ModelFolder.Load(path);
        var recipe = request.Recipe ?? new EvaluateJob(catalog).FindRecipe(path);
        var ranges = RangesFile.Find(path);
        var samples = Samples(path, loaded, recipe, request, needsThem: ranges is null && request.Quantize.OfType<StaticInt8>().Any(), cancellationToken);
        var files = new ModelExporter(catalog, folder).Write(loaded, GraphSignatures.Of(loaded), request.Quantize, samples, ranges, notify, cancellationToken);
        if (target is not null)
            CompanionFiles.Copy(path, folder);
        var added = Companions(path, folder, loaded, recipe);
        target?.Complete();
        return new ExportResult(target is null ? path : Path.GetFullPath(request.Output!), [.. files.Select(f => new ExportedForm(f.Form, Path.GetRelativePath(folder, f.Path), f.Bytes, f.Notes))])
        {
            Added = target is null ? added : [],
        };
    }

    // What other programs need and the folder has not: nothing is replaced.
    private static List<string> Companions(string path, string folder, Model model, Recipe? recipe)
    {
        var added = new List<string>();
        if (recipe is not null && Write(PreprocessorConfig.FileName, () => PreprocessorConfig.Write(folder, recipe.Input, InputShape(model))))
            added.Add(PreprocessorConfig.FileName);
        added.AddRange(CompanionFiles.WriteTokenizer(path, folder, TextLimit.Of(path, model)));
        if (model is CausalDecoder decoder && Write(GenAiConfig.FileName, () => GenAiConfig.Write(folder, decoder)))
            added.Add(GenAiConfig.FileName);
        return added;

        bool Write(string name, Action write)
        {
            if (Path.Exists(Path.Combine(folder, name)))
                return false;
            write();
            return File.Exists(Path.Combine(folder, name));
        }
    }

    private static bool IsSame(string output, string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(output)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    // Those of the run's data, as far as there are any: without them a file is compared on drawn inputs only, and ranges cannot be found.
    private IReadOnlyList<IReadOnlyDictionary<string, OnnxArray>>? Samples(string path, Model model, Recipe? recipe, ExportRequest request, bool needsThem, CancellationToken cancellationToken)
    {
        if (recipe is null)
            return null;
        try
        {
            using var data = Data(path, model, recipe, cancellationToken);
            return CalibrationSamples.Of(data, GraphSignatures.Of(model), request.Samples);
        }
        catch (DecantException) when (request.Recipe is null && !needsThem)
        {
            return null; // the run's data is gone, and nothing needs it
        }
    }

    private static IReadOnlyList<long>? InputShape(Model model) =>
        (model as IConfigured)?.Config.ToJson()["input_shape"] is JsonArray shape ? [.. shape.Select(s => (long)s!)] : null;

    private PreparedData Data(string path, Model model, Recipe recipe, CancellationToken cancellationToken)
    {
        var splits = DataPreparation.Open(catalog, FetchedModels.ForMeasuring(catalog.Fetching, recipe, null, cancellationToken), cancellationToken);
        if (model is IConfigured { Config: { Task: var task } } && task != recipe.Task)
        {
            splits.Dispose();
            throw new DecantException($"{path} is a model for {task}, and the recipe {recipe.Name} is for {recipe.Task}: give the recipe of its data.");
        }

        return DataPreparation.With(splits, TeacherImages.AsRead(path, splits, recipe), recipe.Input.Kind == InputKind.Text ? TokenizerFile.Load(path) : null, cancellationToken: cancellationToken);
    }
}
