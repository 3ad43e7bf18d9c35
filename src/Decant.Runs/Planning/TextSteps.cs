using Decant.Runs.Preparing;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Planning;

/// <summary>The steps of a recipe's <c>evaluate.generation</c>: none where it has none.</summary>
internal static class TextSteps
{
    /// <summary>The models of a seed that are measured, each of which continues test prompts; what all seeds share does so once.</summary>
    /// <param name="task">The task.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="before">The steps of the plan so far.</param>
    /// <param name="folder">Where an arm's model of this seed lies in the run's folder.</param>
    public static IReadOnlyList<RunStep> Generating(PreparedTask task, long seed, IReadOnlyList<RunStep> before, Func<string, string> folder)
    {
        if (task.Recipe.Evaluate.Generation is null)
            return [];
        string[] evaluated = [.. before.OfType<EvaluateStep>().Select(s => s.Id)];
        var measured = before.OfType<EvaluateStep>().Where(e => e.Task == task.Name && e.Seed == seed && !before.OfType<GenerateStep>().Any(g => g.Model == e.Model));
        return [.. measured.Select(e => Generate(e, Path.Combine("texts", folder(e.Model.Arm) + ".jsonl")))];

        GenerateStep Generate(EvaluateStep step, string file) => new(RunStep.IdOf(seed, task.Name, $"generate/{step.Model.Arm}"), step, file)
        {
            Seed = seed,
            Task = task.Name,
            After = evaluated,
            Uses = [step.Model],
            Leaves = [file],
        };
    }

    /// <summary>What is compared over all seeds, and judged of the first.</summary>
    /// <param name="task">The task.</param>
    /// <param name="before">The steps of the plan so far.</param>
    public static IReadOnlyList<RunStep> Comparing(PreparedTask task, IReadOnlyList<RunStep> before)
    {
        if (task.Recipe.Evaluate.Generation is not { } options)
            return [];
        var generated = before.OfType<GenerateStep>().Where(s => s.Task == task.Name).ToArray();
        var compare = new CompareTextsStep(RunStep.IdOf(null, task.Name, "compare/texts")) { Task = task.Name, After = [.. generated.Select(s => s.Id)] };
        return [compare, .. options.Judge is not null ? new[] { Arms.Control, Arms.Teacher }.Where(arm => generated.Any(s => s.Model.Arm == arm)).Select(Ask) : []];

        JudgeTextsStep Ask(string other) => new(RunStep.IdOf(null, task.Name, $"judge/{other}"), Arms.Student, other) { Task = task.Name, After = [compare.Id] };
    }
}
