using System.Diagnostics;
using System.Text;
using Decant.Data;
using Decant.Modules;
using Decant.Recipes;
using Decant.Reports;
using Decant.Teachers;

namespace Decant.Jobs;

/// <summary>How a distillation is run, beside its recipe.</summary>
public sealed record DistillJobOptions
{
    /// <summary>The run's folder; null: a new one under <c>runs/</c>.</summary>
    public string? Out { get; init; }

    /// <summary>The command as the user typed it, for the report.</summary>
    public string Command { get; init; } = "";
}

/// <summary>What a distillation leaves.</summary>
/// <param name="Folder">Where everything lies.</param>
/// <param name="Record">All that happened.</param>
public sealed record DistillResult(RunFolder Folder, RunRecord Record);

/// <summary>The main job: train or load the teacher, let the student imitate it, distil, train the control, measure all on samples that nothing has seen.</summary>
public sealed class DistillJob(Catalog catalog)
{
    /// <summary>Runs a recipe to its report.</summary>
    /// <param name="recipe">A recipe that has been read and checked.</param>
    /// <param name="options">Where to.</param>
    /// <param name="progress">Is told every event, on the job's thread.</param>
    /// <param name="cancellationToken">Stops after the current update, with a checkpoint.</param>
    public DistillResult Run(Recipe recipe, DistillJobOptions options, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(options);
        var clock = Stopwatch.StartNew();
        var machine = MachineFacts.Prepare(recipe.Threads);
        using var data = DataPreparation.Prepare(catalog, recipe, cancellationToken);
        var folder = RunFolder.Create(options.Out, recipe.Name);
        var text = RecipeWriter.Write(recipe);
        SafeFile.Write(folder.Recipe, Encoding.UTF8.GetBytes(text));
        using (var log = new RunLog(folder, progress))
        {
            log.Write(RunDescription.Of(recipe, text, options.Command, machine));
            log.Write(RunDescription.Of(recipe, data));
            foreach (var overlap in data.Overlaps)
                log.Note(RunDescription.Of(overlap));
            RunSeeds(recipe, data, folder, log, cancellationToken);
            log.Write(new RunFinished { Seconds = clock.Elapsed.TotalSeconds });
        }

        var record = RunRecord.Read(folder.Record);
        RunSummary.Write(record, folder.Summary);
        ReportPage.Write(record, folder.Report);
        return new DistillResult(folder, record);
    }

    private void RunSeeds(Recipe recipe, PreparedData data, RunFolder folder, RunLog log, CancellationToken cancellationToken)
    {
        var seeds = recipe.AllSeeds();
        var store = new ModelStore(data);
        var training = new ArmTraining(catalog, data, log, folder);
        var outcomes = new List<SeedOutcome>();
        try
        {
            foreach (var seed in seeds)
                outcomes.Add(RunSeed(recipe, seed, seed == seeds[0], data, folder, log, store, training, cancellationToken));
            FinalComparison.Write(outcomes, recipe, data, log, cancellationToken);
        }
        finally
        {
            foreach (var outcome in outcomes)
                outcome.Dispose();
        }
    }

    private SeedOutcome RunSeed(
        Recipe recipe, long seed, bool isFirst, PreparedData data, RunFolder folder, RunLog log, ModelStore store, ArmTraining training, CancellationToken cancellationToken)
    {
        var outcome = new SeedOutcome(seed);
        try
        {
            // 1. The teacher: loaded, or trained on all labels.
            outcome.Add(Arms.Teacher, Teacher(recipe, seed, data, log, training, store, cancellationToken));
            log.Write(store.Save(outcome[Arms.Teacher], Arms.Teacher, folder.Model(Arms.Teacher, seed, isFirst)));
            using var teacher = new LocalTeacher(outcome[Arms.Teacher], data.Classes, data.Tokenizer?.Hash, owns: false);

            // 2. The student: imitation alone if the recipe says so, then what the recipe says.
            outcome.Add(Arms.Student, NewStudent(recipe, seed, data));
            var warmUp = recipe.Distill.WarmUp?.Epochs ?? 0;
            var student = StudentArm(recipe, seed, outcome[Arms.Student], data.Student) with { Teacher = teacher, Objectives = recipe.Distill.Objectives, Convex = recipe.Distill.Balance == Balance.Convex };
            if (warmUp > 0)
                training.Run(student with { Name = Arms.WarmUp, Purpose = Seeding.WarmUpTraining, Epochs = warmUp, Objectives = Imitation(recipe) }, cancellationToken);
            training.Run(student, cancellationToken);
            log.Write(store.Save(outcome[Arms.Student], Arms.Student, folder.Model(Arms.Student, seed, isFirst)));

            // 3. The control: the same student, seed and number of updates, without the teacher.
            if (recipe.Control)
            {
                outcome.Add(Arms.Control, NewStudent(recipe, seed, data));
                var control = StudentArm(recipe, seed, outcome[Arms.Control], data.StudentLabelled) with
                {
                    Name = Arms.Control,
                    Objectives = LabelsOnly(recipe),
                    EpochOf = data.Student,
                    Epochs = recipe.Distill.Epochs + warmUp,
                };
                training.Run(control, cancellationToken);
                log.Write(store.Save(outcome[Arms.Control], Arms.Control, folder.Model(Arms.Control, seed, isFirst)));
            }

            return outcome;
        }
        catch
        {
            outcome.Dispose();
            throw;
        }
    }

    private Model Teacher(Recipe recipe, long seed, PreparedData data, RunLog log, ArmTraining training, ModelStore store, CancellationToken cancellationToken)
    {
        var section = recipe.Teacher!;
        Seeding.Start(seed, Seeding.TeacherWeights);
        var model = section.Load is { } path
            ? store.LoadTeacher(path, section.Model is { } choice ? catalog.CreateModel(choice, data.Context) : null)
            : catalog.CreateModel(section.Model!, data.Context);
        if (section.Train is not { } train)
            return model;
        try
        {
            training.Run(new Arm
            {
                Name = Arms.Teacher,
                Seed = seed,
                Purpose = Seeding.TeacherTraining,
                Model = model,
                Fit = train,
                Objectives = train.Objectives,
                Samples = data.Train,
            }, cancellationToken);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private Model NewStudent(Recipe recipe, long seed, PreparedData data)
    {
        Seeding.Start(seed, Seeding.StudentWeights);
        return catalog.CreateModel(recipe.Student.Model, data.Context);
    }

    private static Arm StudentArm(Recipe recipe, long seed, Model model, Dataset samples) => new()
    {
        Name = Arms.Student,
        Seed = seed,
        Purpose = Seeding.StudentTraining,
        Model = model,
        Fit = recipe.Distill,
        Objectives = [],
        Samples = samples,
    };

    private IReadOnlyList<Choice> Imitation(Recipe recipe) =>
        [.. recipe.Distill.Objectives.Where(o => catalog.Kinds.Kinds(Sections.Objective).Single(k => k.Kind == o.Kind).NeedsTeacher)];

    private static IReadOnlyList<Choice> LabelsOnly(Recipe recipe)
    {
        var labels = recipe.Distill.Objectives.Where(o => o.Kind == "labels").ToArray();
        return labels.Length > 0 ? labels : [new Choice(Sections.Objective, "labels", new Objectives.LabelsOptions())];
    }
}
