using Decant.Export;
using Decant.Export.Adapters;
using Decant.Models.FromTeacher;
using Decant.Modules;
using Decant.Modules.Adapters;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Planning;

/// <summary>Students of a recipe whose own weights stay: made, left as plain models, and given back to a resumed run.</summary>
internal static class AdaptedStudent
{
    private const string FolderName = "adapter";

    /// <summary>A student with an adapter. One that begins as all of its teacher shares the teacher's weights.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="spec">Which student.</param>
    /// <param name="options">Its adapter.</param>
    /// <param name="whole">The model that it may begin as.</param>
    /// <param name="begin">Makes it with weights of its own; gets a list for the names of what was drawn.</param>
    /// <param name="note">Gets a remark on what is trained; null: nobody.</param>
    public static Model Make(Recipe recipe, StudentSpec spec, LoraOptions options, Model? whole, Func<List<string>, Model> begin, Action<string>? note)
    {
        var isShared = whole is not null && IsWhole(recipe, spec);
        var newHead = new List<string>();
        var model = isShared ? ModuleCopy.OverSameMemory(whole!) : begin(newHead);
        try
        {
            var adapter = Lora.Attach(model, options, newHead, isShared);
            var own = model.ParameterCount - adapter.AddedCount;
            note?.Invoke(FormattableString.Invariant($"student.adapter: {adapter.TrainedCount:N0} numbers are trained, in {adapter.Layers.Count} layers of a model of {own:N0}") +
                (adapter.Whole.Count == 0 ? "" : $", and {string.Join(", ", adapter.Whole)} as a whole") + (isShared ? "; its own weights are the teacher's, which are in memory once." : "."));
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Writes what a student learned, and merges it: the model is a plain one afterwards. Nothing happens to one without an adapter.</summary>
    /// <param name="step">The step that trained it.</param>
    /// <param name="model">The student.</param>
    /// <param name="root">The run's folder.</param>
    /// <param name="isTrained">Whether it was trained; else it becomes what it began as.</param>
    public static void Settle(TrainStep step, Model model, string root, bool isTrained)
    {
        if (model.Adapter is not { } adapter)
            return;
        if (!isTrained)
        {
            adapter.Discard();
            return;
        }

        var folder = Path.Combine(root, step.Saves[0].Folder, FolderName);
        AdapterFolder.Save(folder, model, (LoraOptions)step.Of!.Recipe.Student.Adapter!, BaseOf(step.Of.Recipe, root, folder));
        adapter.Merge();
    }

    /// <summary>Completes the adapter in a student's folder with its settings and tokenizer, so that it can be loaded by itself. Nothing happens where there is none.</summary>
    /// <param name="folder">The student's folder.</param>
    public static void Accompany(string folder)
    {
        if (Directory.Exists(Path.Combine(folder, FolderName)))
            AdapterFolder.Accompany(folder, Path.Combine(folder, FolderName));
    }

    /// <summary>Gives a student the weights that an earlier process left.</summary>
    /// <param name="model">The student as it begins.</param>
    /// <param name="file">The weights.</param>
    /// <param name="isWhole">Whether they are those of a plain model; else of what was trained so far.</param>
    public static void Restore(Model model, string file, bool isWhole)
    {
        if (isWhole)
            model.Adapter?.Discard();
        if (model.Adapter is null)
            ModelFolder.LoadWeights(file, model);
        else
            AdapterFolder.LoadState(file, model);
    }

    // All of the teacher, as it teaches.
    private static bool IsWhole(Recipe recipe, StudentSpec spec) => spec.Load is null
        ? spec.Part is { } part && part with { Calibration = null } == new PartOfTeacher()
        : spec.Part is null && recipe is { Assistants: null or { Count: 0 }, Teachers: null, Teacher: { Load: { } load, Model: null, Train: null, NewHead: false, Quantization: null, Task: null } }
            && Path.GetFullPath(load) == Path.GetFullPath(spec.Load);

    // The folder of the model that the adapter is for; null: it is kept nowhere, since it is a part of another.
    private static string? BaseOf(Recipe recipe, string root, string adapter)
    {
        var student = recipe.Student;
        if (student.FromTeacher is { } part && part with { Calibration = null } != new PartOfTeacher())
            return null;
        if (student.Load is { } load)
            return Path.GetFullPath(load);
        if (recipe is { Assistants: { Count: > 0 } } or { Teachers: not null })
            return null;
        if (recipe.Teacher is { Train: null, Load: { } loaded, Model: null, NewHead: false, Quantization: null } && Directory.Exists(loaded))
            return Path.GetFullPath(loaded);
        var home = Path.GetDirectoryName(Path.GetDirectoryName(adapter))!;
        return Path.GetRelativePath(adapter, Path.Combine(Directory.Exists(Path.Combine(home, Arms.Teacher)) ? home : root, Arms.Teacher));
    }
}
