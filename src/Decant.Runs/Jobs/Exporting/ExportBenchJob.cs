using Decant.Compression.Quantization;
using Decant.Evaluation.Prediction;
using Decant.Export;
using Decant.Export.Onnx.Signatures;
using Decant.Modules;
using Decant.Runs.Exporting;
using Decant.Runs.Hardware;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Text.Files;

namespace Decant.Runs.Jobs.Exporting;

/// <summary>Measures the ONNX files of a model beside each other: quality, agreement with float32, size, speed, memory.</summary>
/// <param name="catalog">The kinds that recipes name.</param>
internal sealed class ExportBenchJob(Catalog catalog)
{
    private static readonly (string Form, QuantizationOptions? Options)[] s_forms =
    [
        (ModelExporter.Float32, null), ("int8", new StaticInt8()), ("int8-dynamic", new DynamicInt8()), ("int8 weights", new BlockInt { Bits = 8 }), ("int4 weights", new BlockInt()),
        ("int2 weights", new BlockInt { Bits = 2 }), ("float16", new HalfWeights()), ("bfloat16", new HalfWeights { Format = HalfFormat.BFloat16 }),
    ];

    /// <summary>Measures the files that lie in a model's folder.</summary>
    /// <param name="folder">A model's folder, or a run's (its student), with <c>onnx/model.onnx</c>.</param>
    /// <param name="recipe">Whose test split is used; null: that of the run that the model is of.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    /// <exception cref="DecantException">There is no file, or no recipe.</exception>
    public IReadOnlyList<ExportMeasured> Run(string folder, Recipe? recipe, CancellationToken cancellationToken)
    {
        var path = EvaluateJob.ModelPath(folder);
        var files = s_forms.Select(f => (f.Form, Path: Path.Combine(path, OnnxFiles.Of(f.Options)))).Where(f => File.Exists(f.Path)).ToArray();
        if (files is not [{ Form: ModelExporter.Float32 }, ..])
            throw new DecantException($"{path} has no {OnnxFiles.Float32}: export the model first, with 'decant export {folder}'.");
        recipe ??= new EvaluateJob(catalog).FindRecipe(path) ?? throw new DecantException($"No recipe.yaml stands above {path}, so there is no test split to measure on: give a recipe with --recipe.");
        MachineFacts.Prepare(recipe.Threads);
        using var splits = DataPreparation.Open(catalog, FetchedModels.ForMeasuring(catalog.Fetching, recipe, null, cancellationToken), cancellationToken);
        if (splits.Test is null)
            throw new DecantException($"The recipe {recipe.Name} has no test split to measure on: give one that has, with --recipe.");
        using var model = ModelFolder.Load(path);
        var data = DataPreparation.With(splits, TeacherImages.AsRead(path, splits, recipe), recipe.Input.Kind == InputKind.Text ? TokenizerFile.Load(path) : null, cancellationToken: cancellationToken);
        return Measure(model, data, recipe, files, cancellationToken);
    }

    private static IReadOnlyList<ExportMeasured> Measure(Model model, PreparedData data, Recipe recipe, (string Form, string Path)[] files, CancellationToken cancellationToken)
    {
        var own = Predictor.Ask(model, data.Once(data.Test), EvaluationTasks.Of(data, data.Test, model, cancellationToken: cancellationToken), model, cancellationToken);
        var signature = GraphSignatures.Of(model);
        var measured = files.Select(f => new MeasuredExport(Arms.Student, f.Form, Path.GetFileName(f.Path), f.Path, signature, model.Classes, model.Kind)).ToArray();
        return [.. new ExportFigures(data, recipe, model).Measure(measured, _ => own, cancellationToken)];
    }
}
