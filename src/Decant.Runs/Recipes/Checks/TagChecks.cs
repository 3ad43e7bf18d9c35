using Decant.Models.Configuration;
using Decant.Objectives.Logits;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;
using Decant.Teachers.Ensembles;

namespace Decant.Runs.Recipes.Checks;

/// <summary>Teachers that teach the samples of some tags alone.</summary>
internal static class TagChecks
{
    public static IEnumerable<RecipeFinding> Teachers(Recipe recipe, IKindRegistry kinds)
    {
        var alone = recipe.Ensemble?.LabelsOnly;
        if (!recipe.HasTags())
        {
            if (alone is not null) yield return new("ensemble.labels-only", "it names tags that no teacher teaches, and the teachers have no tags; say which each teaches with 'tags', or leave it out");
            yield break;
        }

        for (var i = 0; i < recipe.Teachers!.Count; i++)
        {
            if (recipe.Teachers[i].Tags is not { Count: > 0 } tags)
                yield return new($"teachers[{i}].tags", "other teachers teach the samples of their tags alone; say which tags this one teaches");
            else if (tags.FirstOrDefault(tag => alone?.Contains(tag) is true) is { } both)
                yield return new($"teachers[{i}].tags", $"'{both}' is among ensemble.labels-only too; name it in one place");
        }

        if (recipe.Ensemble is { Weights: EnsembleWeights.Learned })
            yield return new("ensemble.weights", "a gate is learned over the answers of all teachers, and each answers for its tags alone; use fixed or confidence");
        if (recipe.Task is not (ModelTask.CausalLanguageModel or ModelTask.Classification or ModelTask.MultiLabel or ModelTask.Regression))
            yield return new("teachers", "tags are for language models and for tasks with one answer for each sample; leave 'tags' out");
        foreach (var (path, section) in RecipeChecks.DistillSections(recipe))
        {
            for (var i = 0; i < section.Objectives.Count && alone is { Count: > 0 }; i++)
            {
                if (section.Objectives[i] is not (SoftTargets or Labels))
                    yield return new($"{path}.objectives[{i}]", "where ensemble.labels-only names tags the label stands in for a teacher's answer, with all probability: only soft-targets learns the label's cross-entropy from it; use soft-targets or labels");
            }
        }
    }
}
