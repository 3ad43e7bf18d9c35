using System.Globalization;
using Decant.Runs.Comparing;
using Decant.Runs.Hardware;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Torch;

namespace Decant.Runs.Jobs;

public sealed partial class PlanJob
{
    /// <summary>The plan of several tasks, line by line.</summary>
    /// <exception cref="DecantException">The data or the models are not what the recipe needs.</exception>
    public IReadOnlyList<PlanLine> Run(MultiTaskRecipe recipe, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        MachineFacts.Prepare(recipe.Threads);
        using var data = TaskPreparation.Prepare(catalog, recipe, cancellationToken);
        new MultiTaskDryRun(catalog, recipe, data).All();
        var lines = new List<PlanLine>();
        foreach (var task in data.Tasks)
            lines.Add(new($"{task.Name}: data", Data(task.Data)));
        if (data.Tasks[0].Data.Tokenizer is { } tokenizer)
            lines.Add(new("tokenizer", string.Create(CultureInfo.InvariantCulture, $"{tokenizer.VocabularySize:N0} tokens, texts truncated to {data.Tasks[0].Data.Context.MaxTokens}")));

        var seeds = recipe.RunSeeds();
        var arms = new MultiTaskArms(catalog, recipe, data);
        using var student = arms.NewStudent(seeds[0]);
        var joint = arms.Control(seeds[0], student);
        var teachers = data.Tasks.Zip(joint.BatchesPerTask()).Select(t => (Seconds: Teacher(arms, t.First, seeds, t.Second, lines, cancellationToken), IsOnce: arms.ArmsOf(t.First).IsTeacherShared)).ToArray();
        var (seconds, once) = (teachers.Where(t => !t.IsOnce).Sum(t => t.Seconds), teachers.Where(t => t.IsOnce).Sum(t => t.Seconds));
        seconds += Joint(Arms.Student, joint, lines);
        if (recipe.Control)
            seconds += Joint(Arms.Control, joint, lines);
        if (arms.HasAllLabels())
            seconds += Joint(Arms.AllLabels, arms.AllLabels(seeds[0], student), lines);
        if (recipe.SingleTask)
            seconds += joint.Tasks.Zip(joint.BatchesPerTask()).Sum(t => Single(arms, t.First.Task, seeds[0], t.Second, lines));
        lines.AddRange(data.Tasks.SelectMany(task => Remarks(task.Data).Select(remark => new PlanLine($"{task.Name}: note", remark))));
        lines.Add(Memory());
        lines.Add(new("total", $"{Seeds(seeds)}, about {Duration(once + (seconds * seeds.Count))} of training on {Runtime.Threads} threads"));
        return lines;
    }

    private double Teacher(MultiTaskArms arms, PreparedTask task, IReadOnlyList<long> seeds, long batches, List<PlanLine> lines, CancellationToken cancellationToken)
    {
        var seed = seeds[0];
        var own = arms.ArmsOf(task);
        using var teacher = own.NewTeacher(seed);
        var seconds = 0.0;
        if (own.Teachers(seed, teacher)[0].Training is { } arm)
            seconds = AddLine($"{task.Name}: teacher", arm, SecondsPerStep(arm, task.Data), lines, note: own.IsTeacherShared && seeds.Count > 1 ? ", once for all seeds" : "");
        else
            lines.Add(new($"{task.Name}: teacher", $"{Size(teacher)}, loaded{LoadedTeacher.Words(teacher, task.Data, cancellationToken)}"));
        using var asked = task.Data.Teacher(teacher);
        var cost = new PlannedAnswers(task.Alone, task.Data).Of(asked, task.Alone.Distill, batches, seed);
        lines.Add(new(AnswersTitle(task.Name), Words(cost)));
        return seconds + (cost.Kept != CachedOutputs.None ? cost.OnceSeconds ?? 0 : cost.LiveSeconds);
    }

    /// <summary>Timed without the teachers' answers, which are counted by themselves.</summary>
    private double Joint(string name, MultiTaskArm arm, List<PlanLine> lines)
    {
        using var plan = new MultiTaskPlan(catalog, arm with { Budget = Few(arm) });
        return AddLine(name, arm, SecondsPerStep(plan), lines, Validations(arm));
    }

    private double Single(MultiTaskArms arms, PreparedTask task, long seed, long batches, List<PlanLine> lines)
    {
        using var model = catalog.CreateModel(task.Alone.Student.Model!, task.Data.Context with { LearnsFromTeacher = true });
        var arm = arms.ArmsOf(task).Control(seed, model, model); // without blockwise stages the teacher is not needed to list the stages
        arm = arm with { Budget = arm.Budget with { Steps = (batches + arm.Fit.Accumulate - 1) / arm.Fit.Accumulate } };
        return AddLine($"{task.Name}: single", arm, SecondsPerStep(arm, task.Data), lines);
    }

    private static double AddLine(string title, TrainedArm arm, double secondsPerStep, List<PlanLine> lines, (double Seconds, string Words) validations = default, string note = "")
    {
        var duration = (arm.Budget.Steps * secondsPerStep) + validations.Seconds;
        lines.Add(new(title, string.Create(CultureInfo.InvariantCulture,
            $"{Size(arm.Model)}, {arm.Budget.Steps:N0} steps of {arm.Fit.Batch * arm.Fit.Accumulate} samples{validations.Words}, about {Duration(duration)}{note}")));
        return duration;
    }
}
