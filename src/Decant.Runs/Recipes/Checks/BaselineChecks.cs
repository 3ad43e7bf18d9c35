using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

/// <summary>Whether the baselines that a recipe lists say anything.</summary>
internal static class BaselineChecks
{
    public static IEnumerable<RecipeFinding> Kinds(Recipe recipe, IKindRegistry kinds) => List(recipe.Baseline).Concat((recipe.Baseline ?? []).Distinct().SelectMany(b => Kind(recipe, b)));

    /// <summary>What holds for the list itself, in any recipe.</summary>
    public static IEnumerable<RecipeFinding> List(IReadOnlyList<BaselineKind>? baselines)
    {
        if (baselines is null) yield break;
        if (baselines.Count == 0) yield return new("baseline", "'baseline' is an empty list; say none, or leave it out");
        if (baselines.Count > 1 && baselines.Contains(BaselineKind.None)) yield return new("baseline", "'none' stands beside others; say none alone, or leave it out of the list");
        if (baselines.GroupBy(b => b).FirstOrDefault(g => g.Count() > 1) is { } twice) yield return new("baseline", $"'{Name(twice.Key)}' stands twice in 'baseline'; once is enough");
    }

    private static IEnumerable<RecipeFinding> Kind(Recipe recipe, BaselineKind baseline)
    {
        var isPart = recipe.Student.FromTeacher is not null || recipe.Student.Load is not null;
        switch (baseline)
        {
            case BaselineKind.AllLabels when !recipe.MayHideLabels():
                yield return new("baseline", "'all-labels' is for a student with hidden labels (data.student-labels, distill.transfer-set.without-classes); here the control has all of them, so it is that baseline already: leave it out");
                break;
            case BaselineKind.FromScratch when !isPart:
                yield return new("baseline", "'from-scratch' is for a student that begins with its teacher's weights (student.from-teacher); here the control's weights are newly drawn, so it is that baseline already: leave it out");
                break;
            case BaselineKind.Untrained when !isPart:
                yield return new("baseline", "'untrained' is for a student that begins with its teacher's weights (student.from-teacher); a student with random weights is no baseline before its training: leave it out");
                break;
        }
    }

    private static string Name(BaselineKind baseline) => EnumWords.Of(baseline);
}
