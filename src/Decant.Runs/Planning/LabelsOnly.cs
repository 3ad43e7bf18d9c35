using Decant.Models.Configuration;
using Decant.Objectives;
using Decant.Objectives.Logits;
using Decant.Objectives.Ranking;
using Decant.Objectives.Relations;

namespace Decant.Runs.Planning;

/// <summary>What the control learns from: the student's own objectives on the data, or a plain one.</summary>
internal static class LabelsOnly
{
    /// <summary>Those of the last stage that has any.</summary>
    /// <param name="task">The task.</param>
    /// <param name="stages">The student's stages.</param>
    /// <param name="isRanked">Whether samples are queries with documents.</param>
    public static IReadOnlyList<ObjectiveOptions> Of(ModelTask task, IReadOnlyList<Stage> stages, bool isRanked = false) =>
        stages.Reverse().Select(OwnOf).FirstOrDefault(own => own.Length > 0) ?? [isRanked ? new RankingLabels() : Plain(task)];

    // Their weight among other objectives means nothing alone.
    private static ObjectiveOptions[] OwnOf(Stage stage) => [.. stage.Section.Objectives.Where(o => o is Labels or BinaryCrossEntropy or TargetMse or PairSimilarity or RankingLabels)
        .Select(Alone)];

    // The control has no teacher that could give a confidence.
    private static ObjectiveOptions Alone(ObjectiveOptions options) => options is RowObjectiveOptions rows ? rows with { Weight = 1, SampleWeighting = null } : options with { Weight = 1 };

    private static ObjectiveOptions Plain(ModelTask task) => task switch
    {
        ModelTask.Regression => new TargetMse(),
        ModelTask.MultiLabel => new BinaryCrossEntropy(),
        ModelTask.Embedding => new PairSimilarity(),
        _ => new Labels(),
    };
}
