using Decant.Modules;
using Decant.Recipes;
using Decant.Reports;
using Decant.Teachers;

namespace Decant.Jobs;

/// <summary>The main job: train or load the teacher, let the student imitate it, distil, train the control, measure all on samples that nothing has seen.</summary>
public sealed class DistillJob(Catalog catalog) : RecipeJob<Recipe>
{
    private protected override IRuns<Recipe> Around(RunOptions options, IProgress<RunEvent>? progress) => new Runs<Recipe, PreparedData>(
        catalog,
        new(
            "distill",
            Check,
            (recipe, token) => DataPreparation.Prepare(catalog, recipe, token),
            (recipe, data) => new Rehearsal(catalog, recipe, data).All(),
            (recipe, data, token) => new CoreShares(catalog, recipe, data).OfAll(token),
            RunSeeds),
        options,
        progress);

    private static void Check(Recipe recipe)
    {
        if (!recipe.HasTeacher())
            throw new DecantException("There is nothing to distil: the recipe has no 'teacher'.");
    }

    private void RunSeeds(Recipe recipe, PreparedData data, RunSession session, CancellationToken cancellationToken)
    {
        var seeds = recipe.RunSeeds();
        var outcomes = new List<SeedOutcome>();
        try
        {
            foreach (var seed in seeds)
            {
                var outcome = new SeedOutcome(seed);
                outcomes.Add(outcome);
                RunSeed(recipe, outcome, arm => session.Folder.Model(arm, seed, seed == seeds[0]), data, session, cancellationToken);
            }

            FinalComparison.Write(outcomes, recipe, data, session.Log, cancellationToken);
        }
        finally
        {
            foreach (var outcome in outcomes)
                outcome.Dispose();
        }
    }

    private void RunSeed(Recipe recipe, SeedOutcome outcome, Func<string, string> folder, PreparedData data, RunSession session, CancellationToken cancellationToken)
    {
        var seed = outcome.Seed;
        var store = new ModelStore(data, session.Log.Note);
        var arms = new RecipeArms(catalog, recipe, data, store);
        var training = new ArmTraining(catalog, data, session, recipe.Checkpoints);

        // 1. The teacher: loaded, or trained on all labels; of several, one after the other.
        var first = outcome.Add(Arms.Teacher, arms.NewTeacher(seed));
        foreach (var one in arms.Teachers(seed, first))
            Train(one.Arm, first == one.Model ? first : outcome.Add(one.Arm, one.Model), () => one.Training);
        if (first is Ensemble several)
            new EnsembleStage(recipe, data, session).Run(seed, several, folder, cancellationToken);

        // 2. The student, and before it the assistants and earlier generations that the recipe has: each learns from the one before, stage by stage.
        var (teacher, whole, before) = (first, first, first);
        foreach (var pupil in arms.Pupils)
        {
            whole = pupil.IsLater ? whole : teacher;
            var model = outcome.Add(pupil.Name, arms.New(pupil, seed, whole));
            Teach(pupil, model, teacher);
            (before, teacher) = (teacher, model);
        }

        // 3. The control: the same student without the teacher.
        if (!data.HasControl)
            return;
        var control = outcome.Add(Arms.Control, arms.NewStudent(seed, whole));
        Train(Arms.Control, control, () => arms.Control(seed, control, before));

        void Teach(Pupil pupil, Model model, Model by)
        {
            using var frozen = data.Teacher(by);
            using var answers = new TransferAnswers(frozen, pupil.Distill.Batch, recipe, data, session.Shelf is { } shelf && AnswerShelf.Identity(by) is { } known ? (shelf, known) : null, cancellationToken);
            foreach (var stage in arms.StagesOf(pupil, model, by))
            {
                Arm Learn() => arms.Of(pupil, stage, seed, model, answers.For(stage.Section)) with { TeacherModel = first };
                if (stage.IsLast)
                    Train(pupil.Name, model, Learn);
                else
                    TrainOn(Arms.OfStage(pupil.Name, stage.Name!), model, Learn);
            }
        }

        // An arm is trained and its model written, or, in a run that goes on, read back if that was done before.
        void Train(string name, Model model, Func<Arm?> arm) => session.Stage(name, seed, model, ModelStore.WeightsIn(folder(name)), () =>
        {
            if (arm() is { } trained)
                training.Run(trained, cancellationToken);
            session.Log.Write(store.Save(model, name, folder(name)));
        });

        // A stage with others after it: its weights are kept for a run that goes on, and are no model of the result.
        void TrainOn(string name, Model model, Func<Arm> arm)
        {
            var weights = Path.Combine(session.Folder.Checkpoint(name, seed), "weights.safetensors");
            session.Stage(name, seed, model, weights, () =>
            {
                training.Run(arm(), cancellationToken);
                ModelStore.Keep(model, weights);
            });
        }
    }
}
