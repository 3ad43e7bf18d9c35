using Decant.Models.Configuration;
using Decant.Models.MultiTask;
using Decant.Modules;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Signals;

namespace Decant.Runs.Running;

/// <summary>One seed of a run of several tasks.</summary>
internal sealed class MultiTaskSeed(Catalog catalog, MultiTaskRecipe recipe, PreparedTasks data, RunSession session, IReadOnlyList<SharedTeachers> shared, long seed)
{
    private readonly MultiTaskArms _arms = new(catalog, recipe, data);

    /// <summary>Trains all arms; an arm that was trained before the run was stopped is read back.</summary>
    /// <param name="outcomes">Per task, to be filled with its models.</param>
    /// <param name="cancellationToken">Stops after the current update, with a checkpoint.</param>
    public void Run(IReadOnlyList<SeedOutcome> outcomes, CancellationToken cancellationToken)
    {
        var owned = new Stack<IDisposable>();
        try
        {
            // 1. The teachers: each loaded, or trained on all labels of its task.
            ITeacher[] asked = [.. data.Tasks.Select((task, t) => Teacher(task, outcomes[t], shared[t], owned, cancellationToken))];

            // 2. The student: all tasks at once, each batch from its task's teacher.
            var student = Add(Arms.Student, outcomes);
            var joint = _arms.Student(seed, student, asked);
            Joint(joint, cancellationToken);

            // 3. The control: the same student without the teachers.
            if (recipe.Control)
                Joint(_arms.Control(seed, Add(Arms.Control, outcomes)), cancellationToken);

            // 4. The same on all labels, where some are hidden from student and control.
            if (_arms.HasAllLabels())
                Joint(_arms.AllLabels(seed, Add(Arms.AllLabels, outcomes)), cancellationToken);

            // 5. What sharing cost: each task alone.
            for (var t = 0; t < data.Tasks.Count && recipe.SingleTask; t++)
                Single(data.Tasks[t], outcomes[t], asked[t], joint, cancellationToken);
        }
        finally
        {
            foreach (var teacher in owned)
                teacher.Dispose();
        }
    }

    /// <returns>The teacher that students ask: live, or its answers as they are remembered.</returns>
    private ITeacher Teacher(PreparedTask task, SeedOutcome outcome, SharedTeachers teachers, Stack<IDisposable> owned, CancellationToken cancellationToken)
    {
        var arms = _arms.ArmsOf(task, session.Log.For(task.Name).Note, teachers);
        var model = arms.NewTeacher(seed);
        var one = arms.Teachers(seed, model)[0];
        void Make() => Alone(task, one.Arm, one.Seed, model, () => one.Training is { } arm ? arm with { Task = task.Name } : null, cancellationToken, one.IsShared);
        if (one.IsShared)
        {
            outcome.Note(one.Arm, model, one.Seed, isShared: true);
            teachers.Once(one.Arm, Make);
        }
        else
        {
            outcome.Add(one.Arm, model);
            Make();
        }

        var frozen = task.Data.Teacher(model);
        owned.Push(frozen);
        var answers = new TeacherProvider(frozen, recipe.Distill.Batch, task.Alone, task.Data, cache: null, (session.Log.For(task.Name), Arms.Student, seed), cancellationToken);
        owned.Push(answers);
        return answers.For(task.Alone.Distill);
    }

    private void Single(PreparedTask task, SeedOutcome outcome, ITeacher asked, MultiTaskArm joint, CancellationToken cancellationToken)
    {
        var model = outcome.Add(Arms.Single, _arms.ArmsOf(task).NewStudent(seed, outcome[Arms.Teacher]));
        Alone(task, Arms.Single, seed, model, () => _arms.Single(task, seed, model, asked, joint), cancellationToken);
    }

    /// <summary>A joint student, its model of each task among the task's own.</summary>
    private MultiTaskModel Add(string arm, IReadOnlyList<SeedOutcome> outcomes)
    {
        var model = _arms.NewStudent(seed);
        for (var t = 0; t < data.Tasks.Count; t++)
            outcomes[t].Add(arm, model.Of(data.Tasks[t].Name));
        return model;
    }

    /// <summary>An arm of one task.</summary>
    private void Alone(PreparedTask task, string name, long of, Model model, Func<Arm?> arm, CancellationToken cancellationToken, bool isShared = false) =>
        session.Stage(TrainedArm.KeyOf(task.Name, name), of, model, ModelStore.WeightsIn(Folder(task, name, isShared)), () =>
        {
            if (arm() is { } trained)
                new ArmTraining(catalog, task.Data, session, recipe.Checkpoints).Run(trained, cancellationToken);
            Save(task, model, name, isShared);
        });

    /// <summary>An arm of all tasks: its weights are kept as a whole for a resumed run, and written as a plain model per task.</summary>
    private void Joint(MultiTaskArm arm, CancellationToken cancellationToken)
    {
        var model = (MultiTaskModel)arm.Model;
        var weights = Path.Combine(session.Folder.Checkpoint(arm.Key, seed), "weights.safetensors");
        session.Stage(arm.Key, seed, model, weights, () =>
        {
            using var plan = new MultiTaskPlan(catalog, arm) { Log = session.Log };
            new ArmTraining(catalog, data.Tasks[0].Data, session, recipe.Checkpoints).Run(arm, plan, cancellationToken);
            ModelStore.Keep(model, weights);
            session.Log.Write(Described(model, arm.Name, weights));
            foreach (var task in data.Tasks)
                Save(task, model.Of(task.Name), arm.Name);
        });
    }

    private static ModelDescribed Described(MultiTaskModel model, string arm, string weights) => new()
    {
        Role = arm,
        Kind = model.Kind,
        Summary = $"{(model.Of(model.Tasks[0]) as IConfigured)?.Config.Summary ?? model.Kind}, a head for each of {string.Join(", ", model.Tasks)}",
        Parameters = model.ParameterCount,
        Shared = model.SharedParameterCount,
        Bytes = new FileInfo(weights).Length,
    };

    private void Save(PreparedTask task, Model model, string arm, bool isShared = false)
    {
        var log = session.Log.For(task.Name);
        log.Write(new ModelStore(task.Data, log.Note).Save(model, arm, Folder(task, arm, isShared)));
    }

    /// <summary>What all seeds share lies with the models of the first.</summary>
    private string Folder(PreparedTask task, string arm, bool isShared = false) => session.Folder.Model(Path.Combine(task.Name, arm), seed, isShared || seed == recipe.RunSeeds()[0]);
}
