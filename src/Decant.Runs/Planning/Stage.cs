using Decant.Modules;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Planning;

/// <summary>One stage of a student's training; stages are trained in order.</summary>
/// <param name="Name">Its name; null where there is only one.</param>
/// <param name="Purpose">What its random numbers start from.</param>
/// <param name="Section">The section of this stage; without stages of its own.</param>
internal sealed record Stage(string? Name, ulong Purpose, DistillSection Section)
{
    /// <summary>Whether the stage selects weights by a validation metric even if no objective reads logits; only what the stage itself says counts, not its distill section.</summary>
    public bool AsksToBeJudged { get; private init; }

    /// <summary>Whether it is the student's last stage.</summary>
    public bool IsLast { get; private init; }

    /// <summary>The stages of a distillation, in their order.</summary>
    /// <param name="distill">What the recipe says.</param>
    /// <param name="kinds">Says which objectives need a teacher.</param>
    /// <param name="student">The student; needed where it is trained block by block.</param>
    /// <param name="teacher">Its teacher; needed likewise.</param>
    public static IReadOnlyList<Stage> Of(DistillSection distill, IKindRegistry kinds, Model? student, Model? teacher)
    {
        List<Stage> stages = [.. distill.Blockwise is null ? [] : BlockwiseStages.StagesOf(distill, kinds, student!, teacher!), .. Before(distill, kinds), .. Proper(distill)];
        stages[^1] = stages[^1] with { IsLast = true };
        return stages;
    }

    /// <summary>A distillation of one stage, as those of several tasks are.</summary>
    public static Stage Only(DistillSection distill) => Proper(distill).Single() with { IsLast = true };

    /// <summary>What a recipe says in a word or two and means as stages.</summary>
    private static IEnumerable<Stage> Before(DistillSection distill, IKindRegistry kinds)
    {
        if (distill.WarmUp is { } warmUp)
        {
            yield return new Stage(Decant.Runs.Reports.Record.Arms.WarmUp, Seeding.WarmUpTraining, distill with
            {
                WarmUp = null,
                Blockwise = null,
                Pruning = null,
                Epochs = warmUp.Epochs,
                Steps = null,
                Objectives = [.. distill.Objectives.Where(o => kinds.Find(Sections.Objective, o)?.NeedsTeacher is true)],
            });
        }
    }

    private static IEnumerable<Stage> Proper(DistillSection distill) => distill.Stages is { } stages
        ? stages.Select((stage, i) => new Stage(stage.Name, Seeding.Stage(i), stage.Options) { AsksToBeJudged = stage.AsksToBeJudged(distill) })
        : [new Stage(null, Seeding.StudentTraining, distill with { WarmUp = null, Blockwise = null }) { AsksToBeJudged = distill.BestBy is not null || distill.EarlyStopping is not null }];
}
