using Decant.Objectives;
using Decant.Recipes;

namespace Decant.Jobs;

/// <summary>What the control learns from: the recipe's own objectives on the data, or a plain one.</summary>
internal static class LabelsOnly
{
    public static IReadOnlyList<Choice> Of(Recipe recipe)
    {
        // Their weight among other objectives means nothing alone.
        var own = recipe.Distill.Objectives.Where(o => o.Options is LabelsOptions or TargetMseOptions)
            .Select(o => new Choice(o.Section, o.Kind, o.As<ObjectiveOptions>() with { Weight = 1 })).ToArray();
        return own.Length > 0 ? own : [Plain(recipe.Task)];
    }

    private static Choice Plain(RecipeTask task) => task is RecipeTask.Regression
        ? new Choice(Sections.Objective, "target-mse", new TargetMseOptions())
        : new Choice(Sections.Objective, "labels", new LabelsOptions());
}
