using Decant.Export;
using Decant.Models.Configuration;
using Decant.Models.FromTeacher;
using Decant.Modules;
using Decant.Runs.Exporting;
using Decant.Runs.Hardware;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Recipes.Schema;
using Decant.Text.Files;

namespace Decant.Runs.Jobs.Compressing;

/// <summary>Makes a smaller model of one, without training: a part of its layers and units, shared layers, factors.</summary>
/// <param name="catalog">Opens the data of recipes.</param>
internal sealed class CompressJob(Catalog catalog)
{
    /// <summary>Makes it and writes its folder.</summary>
    /// <param name="model">A model's folder, or a run's (its student).</param>
    /// <param name="request">What is kept, and where to.</param>
    /// <param name="cancellationToken">Stops before the folder is written.</param>
    /// <exception cref="DecantException">Nothing would become smaller, the part is none of this model, importances need samples and there is no recipe, or the folder is not empty.</exception>
    public CompressResult Run(string model, CompressRequest request, CancellationToken cancellationToken = default)
    {
        var part = PartReader.Read(request.Set, catalog.Kinds);
        if (part with { Choose = default, Importance = default, Calibration = null, Factorize = default } == new PartOfTeacher())
            throw new DecantException("Nothing is to become smaller: say what, such as --set layers=4, --set intermediate=512 --set importance=magnitude, --set unique-layers=2 or --set energy=0.8; the keys are those of student.from-teacher in a recipe.");
        if (part.Static is not null)
            throw new DecantException("A table of token vectors is made by 'decant export MODEL --to model2vec'; leave 'static' out.");
        var (path, folder) = (EvaluateJob.ModelPath(model), Path.GetFullPath(request.Output));
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            throw new DecantException($"{folder}: expected nothing or an empty folder, and there is something in it. Nothing is overwritten; name another with --out.");
        MachineFacts.Prepare(request.Recipe?.Threads);
        using var whole = ModelFolder.Load(path);
        whole.Eval();
        var notes = new List<string>();
        using var small = Made(path, whole, part, request.Recipe, notes, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        Directory.CreateDirectory(folder);
        ModelFolder.Save(folder, small);
        CompanionFiles.CopyForAnother(path, folder);
        return new CompressResult(
            folder, (small as IConfigured)?.Config.Summary ?? small.Kind, (whole.ParameterCount, small.ParameterCount),
            (new FileInfo(ModelStore.WeightsIn(path)).Exists ? new FileInfo(ModelStore.WeightsIn(path)).Length : 0, new FileInfo(ModelStore.WeightsIn(folder)).Length), notes);
    }

    private Model Made(string path, Model whole, PartOfTeacher part, Recipe? of, List<string> notes, CancellationToken cancellationToken)
    {
        if (!part.ChoosesLayers && part.Importance is UnitImportance.First or UnitImportance.Magnitude)
            return PartStudent.Make(part, whole, [], notes.Add);
        var recipe = of ?? new EvaluateJob(catalog).FindRecipe(path) ?? throw new DecantException(
            $"What is important is measured on samples ({(part.ChoosesLayers ? "choose: importance" : $"importance: {part.Importance.ToString().ToLowerInvariant()}")}), and no recipe stands above {path} that has some: give one with --recipe, or say importance=magnitude, which needs none.");
        using var splits = DataPreparation.Open(catalog, recipe, cancellationToken);
        var data = DataPreparation.With(splits, TeacherImages.AsRead(path, splits, recipe), recipe.Input.Kind == InputKind.Text ? TokenizerFile.Load(path) : null, cancellationToken: cancellationToken);
        return PartStudent.Make(part, whole, data, Seeding.For(recipe.RunSeeds()[0], Seeding.Calibration), notes.Add);
    }
}
