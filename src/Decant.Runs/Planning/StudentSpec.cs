using Decant.Models.Configuration;
using Decant.Models.FromTeacher;
using Decant.Modules.Adapters;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Planning;

/// <summary>A model that learns from the one before it: an assistant, an earlier generation of the student, or the student.</summary>
/// <param name="Name">Its arm.</param>
/// <param name="Distill">How it learns.</param>
/// <param name="Stream">Offset of its random streams, so that its random numbers are its own; 0: the student's, which the control shares.</param>
internal sealed record StudentSpec(string Name, DistillSection Distill, ulong Stream)
{
    /// <summary>Its network; null where it is <see cref="Part"/>.</summary>
    public ModelOptions? Model { get; init; }

    /// <summary>Which part of its teacher it begins as; null where it has a network of its own.</summary>
    public PartOfTeacher? Part { get; init; }

    /// <summary>The folder of the model that it begins as, or as the <see cref="Part"/> of; null: its teacher's, or none.</summary>
    public string? Load { get; init; }

    /// <summary>What is trained of it while its own weights stay; null: its weights are.</summary>
    public AdapterOptions? Adapter { get; init; }

    /// <summary>Whether it begins as the one before it did, and not as a part of that one: it is a later generation.</summary>
    public bool IsLater { get; init; }

    /// <summary>All students that learn from a teacher in a recipe, in training order; the last is the student itself.</summary>
    public static IReadOnlyList<StudentSpec> Of(Recipe recipe)
    {
        var assistants = (recipe.Assistants ?? []).Select((a, i) => new StudentSpec(Arms.Assistant(i + 1), a.Distill ?? recipe.Distill, Seeding.Assistant(i + 1))
        {
            Model = a.Model,
            Part = a.FromTeacher,
        });
        var student = new StudentSpec(Arms.Student, recipe.Distill, 0) { Model = recipe.Student.Model, Part = recipe.Student.FromTeacher, Load = recipe.Student.Load, Adapter = recipe.Student.Adapter, IsLater = recipe.Student.Generations > 1 };
        var generations = Enumerable.Range(1, recipe.Student.Generations - 1)
            .Select(number => student with { Name = Arms.Generation(number), Stream = Seeding.Generation(number), IsLater = number > 1 });
        return [.. assistants, .. generations, student];
    }
}
