using Decant.Modules;
using Decant.Runs.Recipes.Schema;
using Decant.Torch;

namespace Decant.Runs.Planning;

/// <summary>The stages of a recipe's students before there are any models: those of a blockwise student are as many as its layers, which models that have shapes alone say.</summary>
internal sealed class StageShapes(RecipeArms arms, long seed) : IDisposable
{
    private readonly Dictionary<string, Model> _models = [];

    /// <summary>The stages of a student, in order.</summary>
    public IReadOnlyList<Stage> StagesOf(StudentSpec spec) => spec.Distill.Blockwise is null ? arms.StagesOf(spec, null, null) : arms.StagesOf(spec, Of(spec.Name), Of(spec.Distill.TaughtBy == TaughtBy.Teacher ? null : Before(spec)));

    public void Dispose()
    {
        foreach (var (name, model) in _models)
        {
            if (name.Length > 0 || !arms.IsTeacherLent)
                model.Dispose();
        }
    }

    private string? Before(StudentSpec spec) => arms.Students.TakeWhile(s => s != spec).LastOrDefault()?.Name;

    /// <summary>A student, or for null the teacher.</summary>
    private Model Of(string? name)
    {
        if (_models.TryGetValue(name ?? "", out var there))
            return there;
        Model model;
        using (ShapesOnly.Open())
        {
            if (name is null)
            {
                model = arms.NewTeacher(seed);
            }
            else
            {
                var spec = arms.Students.Single(s => s.Name == name);
                model = arms.New(spec, seed, Of(Whole(spec)));
            }
        }

        return _models[name ?? ""] = model;
    }

    /// <summary>The model that a student begins as a part of: the one before it, and for later generations that of the first.</summary>
    private string? Whole(StudentSpec spec) => spec.IsLater ? Whole(arms.Students.Last(s => !s.IsLater)) : Before(spec);
}
