using System.Text.RegularExpressions;
using Decant.Models.Configuration;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

/// <summary>What is checked of a recipe of several tasks: that they go together, and each of them as the recipe of one task that it is too.</summary>
internal static partial class MultiTaskChecks
{
    // Folders that a run has beside those of its tasks.
    private static readonly string[] s_taken = ["student", "control", "all-labels", "checkpoints", "tensorboard"];
    private static readonly ModelTask[] s_served = [ModelTask.Classification, ModelTask.TokenClassification, ModelTask.Regression];

    /// <summary>Everything that is wrong.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="kinds">The kinds that there are.</param>
    /// <param name="checks">The checks of a recipe of one task.</param>
    public static IEnumerable<RecipeFinding> All(MultiTaskRecipe recipe, IKindRegistry kinds, IReadOnlyList<RecipeCheck> checks) =>
        Together(recipe).Concat(recipe.Tasks.SelectMany((task, i) => Alone(recipe, task, i, kinds, checks))).Distinct();

    private static IEnumerable<RecipeFinding> Together(MultiTaskRecipe recipe)
    {
        var tasks = recipe.Tasks;
        if (tasks.Count < 2)
            yield return new("tasks", $"expected two tasks or more, came {tasks.Count}; a recipe of one has data, teacher and distill.objectives at its top instead of 'tasks'");
        for (var i = 0; i < tasks.Count; i++)
        {
            if (!ValidName().IsMatch(tasks[i].Name) || s_taken.Contains(tasks[i].Name))
                yield return new($"tasks[{i}].name", $"'{tasks[i].Name}' cannot name a task, whose folder it becomes: 1 to 40 lowercase letters, digits and hyphens, such as sst2, and none of {string.Join(", ", s_taken)}, seed-…");
            if (tasks.Take(i).Any(t => t.Name == tasks[i].Name))
                yield return new($"tasks[{i}].name", $"two tasks are named '{tasks[i].Name}'; every task needs a name of its own");
            if (!s_served.Contains(tasks[i].Task))
                yield return new($"tasks[{i}].task", $"'{Name(tasks[i].Task)}' cannot be one of several tasks; these can: {string.Join(", ", s_served.Select(Name))}");
        }

        if (recipe.Student.Load is not null)
            yield return new("student.load", "a student of several tasks begins with random weights; leave it out");
        if (recipe.Student.FromTeacher is not null)
            yield return new("student.from-teacher", "a student of several tasks has several teachers and is a part of none; give student.model");
        if (recipe.Student.Generations > 1)
            yield return new("student.generations", "a student of several tasks has one generation; leave it out");
        if (recipe.Student.Quantization is not null)
            yield return new("student.quantization", "a student of several tasks is not trained with rounded numbers; leave it out");
        if (recipe.Student.Adapter is not null)
            yield return new("student.adapter", "a student of several tasks begins with random weights, which an adapter would leave as they are; leave it out");
        if (recipe.Evaluate.TuneBias.Count > 0)
            yield return new("evaluate.tune-bias", "'tune-bias' names classes of one task, and there are several; leave it out");
        if (recipe.Distill is { AnnealTo: not null, TaskSampling: not TaskSampling.Annealed })
            yield return new("distill.anneal-to", "'anneal-to' is for task-sampling: annealed; leave it out");
        if (recipe.Distill is { TaskSampling: TaskSampling.Annealed, Epochs: 1 })
            yield return new("distill.task-sampling", "'annealed' changes from epoch to epoch, and there is one; say proportional or square-root, or more epochs");
        foreach (var finding in Baselines(recipe)) yield return finding;
        foreach (var finding in Validations(recipe)) yield return finding;
    }

    private static IEnumerable<RecipeFinding> Baselines(MultiTaskRecipe recipe)
    {
        foreach (var finding in BaselineChecks.List(recipe.Baseline)) yield return finding;
        foreach (var part in (recipe.Baseline ?? []).Where(b => b is BaselineKind.FromScratch or BaselineKind.Untrained).Distinct())
            yield return new("baseline", $"'{EnumWords.Of(part)}' is for a student that begins with its teacher's weights, and one of several tasks does not; say all-labels or none");
        if (recipe.Baseline?.Contains(BaselineKind.AllLabels) is true && !recipe.Tasks.Any(t => t.Data.StudentLabels is not null))
            yield return new("baseline", "'all-labels' is for a student with hidden labels (data.student-labels of a task); here the control has all of them, so it is that baseline already: leave it out");
    }

    // The best weights are chosen by the mean over all tasks.
    private static IEnumerable<RecipeFinding> Validations(MultiTaskRecipe recipe)
    {
        var has = recipe.Tasks.Select(t => t.Data.Validation is not null || t.Data.Split?.Validation is not null).ToList();
        if (has.Distinct().Count() < 2) yield break;
        for (var i = 0; i < has.Count; i++)
            if (!has[i])
                yield return new($"tasks[{i}].data", "other tasks have validation samples and this one none; the best weights are chosen by the mean over all tasks, so give data.split: { validation: 0.1 }, or validation to none");
    }

    private static IEnumerable<RecipeFinding> Alone(MultiTaskRecipe recipe, TaskSection task, int index, IKindRegistry kinds, IReadOnlyList<RecipeCheck> checks)
    {
        var alone = recipe.Of(task);
        return checks.SelectMany(check => check(alone, kinds)).Select(f => new RecipeFinding(PathOf(f.Path, index), Words(f.Message)));
    }

    /// <summary>A message about a task's own recipe, as it is about the task: its objectives stand beside its name, and it has no stages.</summary>
    private static string Words(string message) => message
        .Replace("distill.objectives", "objectives", StringComparison.Ordinal)
        .Replace("distill has no objectives", "the task has no objectives", StringComparison.Ordinal)
        .Replace(": give objectives, or stages that have some", "; give some", StringComparison.Ordinal);

    /// <summary>Where a key of a task's own recipe was written.</summary>
    private static string PathOf(string path, int index) => OfTask().Match(path) is { Success: true } own ? $"tasks[{index}].{path[own.Groups[1].Length..]}" : path;

    // 'task', 'data', 'teacher', and what stands under 'distill' in a recipe of one task.
    [GeneratedRegex(@"^(?:(distill\.)(?=objectives|balance)|(?=(?:task|data|teacher)\b))")]
    private static partial Regex OfTask();

    [GeneratedRegex(@"^(?!seed-)[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?\z")]
    private static partial Regex ValidName();

    private static string Name(ModelTask task) => EnumWords.Of(task);
}
