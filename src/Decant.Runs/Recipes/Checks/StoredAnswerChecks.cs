using Decant.Models.Configuration;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;
using Decant.Teachers.Answers;

namespace Decant.Runs.Recipes.Checks;

/// <summary>Answers can be kept where a sample looks the same each time, and of logits alone.</summary>
internal static class StoredAnswerChecks
{
    private const string Path = "teacher.answers";

    public static IEnumerable<RecipeFinding> Inputs(Recipe recipe, IKindRegistry kinds)
    {
        if (recipe.Teacher?.Answers is not { } answers)
            yield break;
        if (answers is not StoredLogits && (recipe.Task is ModelTask.MultiLabel or ModelTask.Regression or ModelTask.Embedding))
            yield return new($"{Path}.kind", "the teacher answers here with numbers, or with labels of which a sample may have any number, and not with one class among others: there are no probabilities to keep; say kind: logits");
        if (recipe.Task == ModelTask.MaskedLanguageModel)
            yield return new(Path, "other tokens are hidden in every epoch, so that no answer can be used again; leave answers out");
        if (recipe.Input.CarryState is true)
            yield return new(Path, "the teacher's state is carried from batch to batch, so that an answer belongs to all that came before; leave answers out, or input.carry-state");
        foreach (var (path, section) in RecipeChecks.DistillSections(recipe))
        {
            if (section.Augment is { Views: null })
                yield return new($"{path}.augment", $"augmented samples differ in every epoch, and {Path} keeps one answer for each; say how many views there are ('views'), or leave one of them out");
            for (var i = 0; i < section.Objectives.Count; i++)
                if (section.Objectives[i].ReadsFeatures)
                    yield return new($"{path}.objectives[{i}]", $"'{kinds.KindOf(Sections.Objective, section.Objectives[i])}' reads the teacher's inner values, and {Path} keeps its outputs alone; leave one of them out");
        }
    }
}
