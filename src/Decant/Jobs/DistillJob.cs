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
        if (recipe.Teacher is null)
            throw new DecantException("There is nothing to distil: the recipe has no 'teacher'.");
        return new Runs(catalog, recipe, options, progress).Record(
            data => new Rehearsal(catalog, recipe, data).All(),
            (data, folder, log) => RunSeeds(recipe, data, folder, log, cancellationToken),
            cancellationToken);
    }

    private void RunSeeds(Recipe recipe, PreparedData data, RunFolder folder, RunLog log, CancellationToken cancellationToken)
    {
        var seeds = recipe.RunSeeds();
        var outcomes = new List<SeedOutcome>();
        try
        {
            foreach (var seed in seeds)
            {
                var outcome = new SeedOutcome(seed);
                outcomes.Add(outcome);
                RunSeed(recipe, outcome, arm => folder.Model(arm, seed, seed == seeds[0]), data, log, new ArmTraining(catalog, data, log, folder), cancellationToken);
            }

            FinalComparison.Write(outcomes, recipe, data, log, cancellationToken);
        }
        finally
        {
            foreach (var outcome in outcomes)
                outcome.Dispose();
        }
    }

    private void RunSeed(Recipe recipe, SeedOutcome outcome, Func<string, string> folder, PreparedData data, RunLog log, ArmTraining training, CancellationToken cancellationToken)
    {
        var seed = outcome.Seed;
        var store = new ModelStore(data);
        var arms = new RecipeArms(catalog, recipe, data, store);

        // 1. The teacher: loaded, or trained on all labels.
        var teacher = outcome.Add(Arms.Teacher, arms.NewTeacher(seed));
        Train(arms.Teacher(seed, teacher));
        Save(teacher, Arms.Teacher);
        using var frozen = new LocalTeacher(teacher, data.Classes, data.Tokenizer?.Hash, owns: false);
        using var asked = Asked(recipe, frozen, data);

        // 2. The student: imitation alone if the recipe says so, then what the recipe says.
        var student = outcome.Add(Arms.Student, arms.NewStudent(seed));
        Train(arms.WarmUp(seed, student, asked));
        Train(arms.Student(seed, student, asked));
        Save(student, Arms.Student);

        // 3. The control: the same student without the teacher.
        if (!recipe.Control)
            return;
        var control = outcome.Add(Arms.Control, arms.NewStudent(seed));
        Train(arms.Control(seed, control));
        Save(control, Arms.Control);

        void Train(Arm? arm)
        {
            if (arm is not null)
                training.Run(arm, cancellationToken);
        }

        void Save(Model model, string arm) => log.Write(store.Save(model, arm, folder(arm)));
    }

    // Where every epoch shows the same samples and the answers fit in memory, the teacher works once.
    private static ITeacher Asked(Recipe recipe, LocalTeacher teacher, PreparedData data) =>
        recipe.Distill.Augment is null && RememberingTeacher.BytesFor(data.Student.Count, data.Classes.Count) <= RememberedBytes
            ? new RememberingTeacher(teacher)
            : teacher;
}
