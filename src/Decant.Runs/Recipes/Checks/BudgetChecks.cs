using Decant.Compression.Quantization;
using Decant.Models.Configuration;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

/// <summary>Whether a student within the budget can be searched for.</summary>
internal static class BudgetChecks
{
    private const string Path = "student.budget";

    public static IEnumerable<RecipeFinding> Limits(Recipe recipe, IKindRegistry kinds)
    {
        if (recipe.Student.Budget is not { } budget)
            yield break;
        if (budget is { Parameters: null, Bytes: null, LatencyMs: null })
            yield return new(Path, "'budget' has no limit; give parameters, bytes or latency-ms, or leave it out");
        if (budget.Parameters is { } parameters && SizeText.Count(parameters) is null)
            yield return new($"{Path}.parameters", $"expected a number such as 800000, 500k or 1M, and it is '{parameters}'");
        if (budget.Bytes is { } bytes && SizeText.Bytes(bytes) is null)
            yield return new($"{Path}.bytes", $"expected a size such as 500kB, 5MB or 5MiB, and it is '{bytes}'");
        if (recipe.Student.FromTeacher is null)
            yield return new(Path, "the student within a budget is a part of its teacher; say 'from-teacher: {}' for any part, and leave student.model out");
        else if (recipe.Student.FromTeacher is { Static: not null })
            yield return new(Path, "a static student has no layers and widths to choose among; set its dimensions, and leave budget out");
        if (recipe.Student.Load is not null)
            yield return new("student.load", "the student within a budget is a part of its teacher; leave 'load' out, or budget");
        if (recipe.Student.Quantization is not null)
            yield return new($"{Path}.forms", "the search chooses the form that the student learns for, and 'student.quantization' says one; leave that out, and give it as the only one of budget.forms");
        foreach (var form in budget.Forms ?? [])
        {
            if (form is HalfWeights || (form is StaticInt8 or DynamicInt8 && recipe.Task.IsLanguageModel()))
                yield return new($"{Path}.forms", $"no student learns for '{kinds.KindOf(Sections.Quantization, form)}' here; say weight-only{(recipe.Task.IsLanguageModel() ? "" : ", int8-dynamic or int8")}");
        }

        foreach (var (key, isThere) in new[]
        {
            ("teachers", recipe.Teachers is not null),
            ("assistants", recipe.Assistants is { Count: > 0 }),
            ("student.generations", recipe.Student.Generations > 1),
            ("distill.stages", recipe.Distill.Stages is not null),
            ("distill.blockwise", recipe.Distill.Blockwise is not null),
        })
        {
            if (isThere)
                yield return new(Path, $"candidates are trained by 'distill' alone for a part of its updates, and the recipe has '{key}'; leave that out, or the budget");
        }
    }
}
