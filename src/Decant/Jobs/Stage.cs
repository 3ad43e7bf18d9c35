using Decant.Recipes;

namespace Decant.Jobs;

/// <summary>One of the things that a pupil learns one after the other.</summary>
/// <param name="Name">Its name; null where there is only one.</param>
/// <param name="Purpose">What its random numbers start from.</param>
/// <param name="Section">How it is learnt: of one stage, so without stages of its own.</param>
internal sealed record Stage(string? Name, ulong Purpose, DistillSection Section)
{
    /// <summary>Whether the pupil is done with it.</summary>
    public bool IsLast { get; private init; }

    /// <summary>The stages of a distillation, in their order.</summary>
    /// <param name="distill">What the recipe says.</param>
    /// <param name="kinds">Says which objectives need a teacher.</param>
    public static IReadOnlyList<Stage> Of(DistillSection distill, IKindRegistry kinds)
    {
        List<Stage> stages = [.. Before(distill, kinds), .. Proper(distill)];
        stages[^1] = stages[^1] with { IsLast = true };
        return stages;
    }

    /// <summary>What a recipe says in a word or two and means as stages.</summary>
    private static IEnumerable<Stage> Before(DistillSection distill, IKindRegistry kinds)
    {
        if (distill.WarmUp is { } warmUp)
        {
            yield return new Stage(Reports.Arms.WarmUp, Seeding.WarmUpTraining, distill with
            {
                WarmUp = null,
                Epochs = warmUp.Epochs,
                Steps = null,
                Objectives = [.. distill.Objectives.Where(o => kinds.Kinds(o.Section).Single(k => k.Kind == o.Kind).NeedsTeacher)],
            });
        }
    }

    private static IEnumerable<Stage> Proper(DistillSection distill) => distill.Stages is { } stages
        ? stages.Select((stage, i) => new Stage(stage.Name, Seeding.Stage(i), stage.Within(distill)))
        : [new Stage(null, Seeding.StudentTraining, distill with { WarmUp = null })];
}
