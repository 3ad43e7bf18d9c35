using Decant.Data;
using Decant.Modules;
using Decant.Recipes;
using Decant.Reports;
using Decant.Signals;
using Decant.Teachers;

namespace Decant.Jobs;

/// <summary>The main job: train or load the teacher, let the student imitate it, distil, train the control, measure all on samples that nothing has seen.</summary>
public sealed class DistillJob(Catalog catalog)
{
    private const long RememberedBytes = 1L << 30;

    /// <summary>Runs a recipe to its report.</summary>
    /// <param name="recipe">A recipe that has been read and checked.</param>
    /// <param name="options">Where to.</param>
    /// <param name="progress">Is told every event, on the job's thread.</param>
    /// <param name="cancellationToken">Stops after the current update, with a checkpoint.</param>
    public RunResult Run(Recipe recipe, RunOptions options, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(options);
        return Runs.Record(catalog, recipe, options, progress, (data, folder, log) => RunSeeds(recipe, data, folder, log, cancellationToken), cancellationToken);
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
            outcome.Add(Arms.Teacher, new TeacherArm(catalog, recipe, data, training, store).Make(seed, cancellationToken));
            log.Write(store.Save(outcome[Arms.Teacher], Arms.Teacher, folder.Model(Arms.Teacher, seed, isFirst)));
            using var local = new LocalTeacher(outcome[Arms.Teacher], data.Classes, data.Tokenizer?.Hash, owns: false);
            using var teacher = Asked(recipe, local, data);

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
                    Objectives = LabelsOnly.Of(recipe),
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

    // Where every epoch shows the same samples and the answers fit in memory, the teacher works once.
    private static ITeacher Asked(Recipe recipe, LocalTeacher teacher, PreparedData data) =>
        recipe.Distill.Augment is null && RememberingTeacher.BytesFor(data.Student.Count, data.Classes.Count) <= RememberedBytes
            ? new RememberingTeacher(teacher)
            : teacher;

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
}
