using System.Text.RegularExpressions;
using Decant.Models.Configuration;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;
using Decant.Teachers.Ensembles;

namespace Decant.Runs.Recipes.Checks;

/// <summary>Whether several teachers make one.</summary>
internal static partial class EnsembleChecks
{
    public static IEnumerable<RecipeFinding> Members(Recipe recipe, IKindRegistry kinds)
    {
        if (recipe.Teachers is not { } teachers)
        {
            if (recipe.Ensemble is not null) yield return new("ensemble", "an ensemble is made of several teachers, and the recipe has no 'teachers'; list them, or leave 'ensemble' out");
            yield break;
        }

        if (recipe.Teacher is not null) yield return new("teachers", "both 'teacher' and 'teachers' are given; keep one");
        var names = teachers.SelectMany((t, i) => t.Names().Select(name => (Name: name, Path: $"teachers[{i}].name"))).ToList();
        if (names.Count < (recipe.HasTags() ? 1 : 2)) yield return new("teachers", $"an ensemble has two members at least, and {names.Count} is listed; list more, say 'members: 3', or write 'teacher' for one");
        foreach (var twice in names.GroupBy(n => n.Name).Where(g => g.Count() > 1))
            yield return new(twice.Last().Path, $"two members are named '{twice.Key}'; give each a name of its own");
        for (var i = 0; i < teachers.Count; i++)
            foreach (var finding in Member(teachers[i], $"teachers[{i}]"))
                yield return finding;
    }

    public static IEnumerable<RecipeFinding> Weights(Recipe recipe, IKindRegistry kinds)
    {
        if (recipe.Teachers is not { Count: > 0 } teachers) yield break;
        var weights = recipe.Ensemble?.Weights ?? EnsembleWeights.Fixed;
        for (var i = 0; i < teachers.Count && weights is not EnsembleWeights.Fixed; i++)
            if (teachers[i].Weight is not null)
                yield return new($"teachers[{i}].weight", $"'weight' is for fixed weights, and ensemble.weights is {Name(weights)}; leave one of them out");
        if (weights is EnsembleWeights.Fixed && teachers.All(t => t.Weight == 0)) yield return new("teachers", "every teacher has the weight 0, so there is no teacher");
        if (weights is EnsembleWeights.Learned && recipe.Data.Validation is null && recipe.Data.Split?.Validation is null)
            yield return new("ensemble.weights", "'learned' weights need validation samples, which no teacher has learned from; give data.validation, or data.split: { validation: 0.1 }");
        if (weights is EnsembleWeights.Learned && recipe.Task.IsLanguageModel())
            yield return new("ensemble.weights", $"'learned' is for classes, and the task is {Name(recipe.Task)}; use fixed or confidence");
    }

    public static IEnumerable<RecipeFinding> Task(Recipe recipe, IKindRegistry kinds)
    {
        if (recipe.Teachers is null) yield break;
        var vectors = recipe.Task is ModelTask.Embedding;
        if (recipe.Ensemble?.Combine is { } combine && vectors != combine is MixtureOf.Concatenation)
        {
            yield return new("ensemble.combine", vectors ? $"every teacher's vectors lie in a space of its own, so there is no mean of {Name(combine)}; leave 'combine' out, and they stand side by side"
                : $"'{Name(combine)}' is for embeddings, and the task is {Name(recipe.Task)}; use probabilities or logits");
        }

        if (vectors && recipe.Ensemble is { Weights: not EnsembleWeights.Fixed and var unfixed })
            yield return new("ensemble.weights", $"'{Name(unfixed)}' goes by probabilities, and an embedding has none; use fixed");
        var own = recipe.Task switch { ModelTask.Regression => "a regression has no probabilities", ModelTask.MultiLabel => "labels of which a sample may have any number have no probabilities that sum to 1", _ => null };
        if (own is not null && recipe.Ensemble?.Combine is MixtureOf.Probabilities)
            yield return new("ensemble.combine", $"{own}; leave 'combine' out, and the {(recipe.Task is ModelTask.Regression ? "numbers" : "logits")} are averaged");
        if (own is not null && recipe.Ensemble is { Weights: not EnsembleWeights.Fixed and var weights })
            yield return new("ensemble.weights", $"'{Name(weights)}' goes by probabilities, and {own}; use fixed");
        if (recipe.Input.CarryState is true)
            yield return new("input.carry-state", "several teachers are measured batch by batch, without a state; leave it out, or take one teacher");
        // The model that learns from the ensemble; the student of an assistant may be a part of the assistant.
        var (first, part) = recipe.Assistants is [{ } assistant, ..] ? ("assistants[0]", assistant.FromTeacher) : ("student", recipe.Student.IsPartOfTeacher ? recipe.Student.FromTeacher : null);
        if (part is not null)
            yield return new($"{first}.from-teacher", $"{(first == "student" ? "the student" : "the assistant")} is to be a part of its teacher, and the recipe has several; give {first}.model");
    }

    private static IEnumerable<RecipeFinding> Member(MemberSection member, string path)
    {
        if (!Form().IsMatch(member.Name))
            yield return new($"{path}.name", $"'{member.Name}' cannot name a folder everywhere; use small letters, digits and hyphens, a letter or digit first, 40 at most");
        if (member is { Members: not null, Train: null } and ({ Load: not null } or { Gguf: not null }))
            yield return new($"{path}.members", "members that are loaded from one place and not trained are all the same; leave 'members' out, or give 'train'");
    }

    private static string Name<T>(T value) where T : struct, Enum => EnumWords.Of(value);

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,39}\z")]
    private static partial Regex Form();
}
