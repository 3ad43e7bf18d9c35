using Decant.Objectives;
using Decant.Objectives.Logits;
using Decant.Objectives.Relations;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Planning;

/// <summary>What the control learns from: the student's own objectives on the data, or a plain one.</summary>
internal static class LabelsOnly
{
    /// <summary>Those of the last stage that has any.</summary>
    public static IReadOnlyList<Choice> Of(RecipeTask task, IReadOnlyList<Stage> stages) =>
        stages.Reverse().Select(OwnOf).FirstOrDefault(own => own.Length > 0) ?? [Plain(task)];

    // Their weight among other objectives means nothing alone.
    private static Choice[] OwnOf(Stage stage) => [.. stage.Section.Objectives.Where(o => o.Options is LabelsOptions or TargetMseOptions or PairSimilarityOptions)
        .Select(o => new Choice(o.Section, o.Kind, Alone(o.As<ObjectiveOptions>())))];

    // The control has no teacher that could give a confidence.
    private static ObjectiveOptions Alone(ObjectiveOptions options) => options is RowObjectiveOptions rows ? rows with { Weight = 1, SampleWeighting = null } : options with { Weight = 1 };

    private static Choice Plain(RecipeTask task) => task switch
    {
        RecipeTask.Regression => new Choice(Sections.Objective, "target-mse", new TargetMseOptions()),
        RecipeTask.Embedding => new Choice(Sections.Objective, "pair-similarity", new PairSimilarityOptions()),
        _ => new Choice(Sections.Objective, "labels", new LabelsOptions()),
    };
}
