using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

/// <summary>Whether a student can be trained by an adapter.</summary>
internal static class AdapterChecks
{
    private const string Path = "student.adapter";

    public static IEnumerable<RecipeFinding> Student(Recipe recipe, IKindRegistry kinds)
    {
        if (recipe.Student is not { Adapter: not null } student)
            yield break;
        if (student is { Load: null, FromTeacher: null })
            yield return new(Path, "the weights of the student stay as they are, and those of 'student.model' are random; begin with 'student.load' or 'student.from-teacher', or leave adapter out");
        if (student.FromTeacher is { Static: not null })
            yield return new(Path, "a static student is a table, and has no linear layers to adapt; leave adapter out");
        if (student.Quantization is not null)
            yield return new("student.quantization", "quantization-aware training changes all weights, and with 'student.adapter' they stay; quantize the merged model with 'export.quantize', or leave adapter out");
        if (student.Budget is not null)
            yield return new("student.budget", "candidates of a search are trained as a whole; leave 'student.adapter' out, or budget");
        if (recipe.Teacher?.Follow is { Follows: true })
            yield return new("teacher.follow", $"the teacher would get the student's weights, which stay as they are with '{Path}'; leave it out, or adapter");
        if (recipe.Distill.Blockwise is not null)
            yield return new("distill.blockwise", $"the student has an adapter ('{Path}'), and its stages train the layers as a whole; leave it out, or adapter");
        foreach (var (path, section) in RecipeChecks.DistillSections(recipe).Where(s => !s.Path.StartsWith("assistants", StringComparison.Ordinal)))
        {
            foreach (var (key, isThere, next) in new[]
            {
                ("train", section.Train is not null, "it says what is trained; name whole modules under its modules-to-save"),
                ("freeze", section.Freeze is not null, "all other weights stay anyway; leave it out"),
                ("pruning", section.Pruning is not null, "pruned are weights that are trained; leave it out, or adapter"),
            })
            {
                if (isThere)
                    yield return new($"{path}.{key}", $"the student has an adapter ('{Path}'): {next}");
            }
        }
    }
}
