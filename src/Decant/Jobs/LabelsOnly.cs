using Decant.Objectives;
using Decant.Recipes;

namespace Decant.Jobs;

/// <summary>What the control learns from: the recipe's own labels objective, or a plain one.</summary>
internal static class LabelsOnly
{
    private const string Kind = "labels";

    public static IReadOnlyList<Choice> Of(Recipe recipe)
    {
        // Their weight among other objectives means nothing alone.
        var labels = recipe.Distill.Objectives.Where(o => o.Kind == Kind)
            .Select(o => new Choice(o.Section, o.Kind, o.As<LabelsOptions>() with { Weight = 1 })).ToArray();
        return labels.Length > 0 ? labels : [new Choice(Sections.Objective, Kind, new LabelsOptions())];
    }
}
