using Decant.Modules;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Teachers.Answers;
using Decant.Teachers.Ensembles;

namespace Decant.Runs.Running;

/// <summary>One seed of a run.</summary>
/// <param name="catalog">Makes models and objectives.</param>
/// <param name="recipe">The recipe.</param>
/// <param name="data">Its data, of this seed.</param>
/// <param name="session">The run.</param>
/// <param name="shared">The teachers that all seeds share.</param>
internal sealed class DistillSeed(Catalog catalog, Recipe recipe, PreparedData data, RunSession session, SharedTeachers shared)
{
    private readonly ModelStore _store = new(data, session.Log.Note);
    private readonly ArmTraining _training = new(catalog, data, session, recipe.Checkpoints);

    /// <summary>Trains all arms; an arm that was trained before the run was stopped is read back.</summary>
    /// <param name="outcome">Is given the models.</param>
    /// <param name="cancellationToken">Stops after the current update, with a checkpoint.</param>
    public void Run(SeedOutcome outcome, CancellationToken cancellationToken)
    {
        var arms = new RecipeArms(catalog, recipe, data, _store, shared);

        // 1. The teacher: loaded, or trained on all labels; of several, one after the other.
        var first = Teacher(arms, outcome, cancellationToken);

        // 2. The student, and before it the assistants and earlier generations that the recipe has: each learns from the one before, stage by stage.
        var (teacher, whole, before) = (first, first, first);
        foreach (var spec in arms.Students)
        {
            whole = spec.IsLater ? whole : teacher;
            var model = outcome.Add(spec.Name, arms.New(spec, outcome.Seed, whole));
            Distil(arms, spec, model, teacher, outcome, cancellationToken);
            (before, teacher) = (teacher, model);
        }

        // 3. The control, and what else the student is compared with: the same student without the teacher.
        foreach (var baseline in arms.Baselines(outcome.Seed, whole, before))
        {
            var model = outcome.Add(baseline.Name, baseline.New());
            Train(arms, baseline.Name, outcome.Seed, model, () => baseline.Training(model), cancellationToken);
        }
    }

    private Model Teacher(RecipeArms arms, SeedOutcome outcome, CancellationToken cancellationToken)
    {
        var first = arms.NewTeacher(outcome.Seed);
        var members = arms.Teachers(outcome.Seed, first);
        if (first is Ensemble several)
            NoteEnsemble(several, members, outcome);
        foreach (var one in members)
        {
            _ = one.IsShared ? outcome.Note(one.Arm, one.Model, one.Seed, isShared: true) : outcome.Add(one.Arm, one.Model);
            void Make() => Train(arms, one.Arm, one.Seed, one.Model, () => one.Training, cancellationToken);
            if (one.IsShared)
                shared.Once(one.Arm, Make);
            else
                Make();
        }

        if (first is not Ensemble ensemble)
            return first;
        void Join() => new EnsembleStage(recipe, data, session).Run(outcome.SeedOf(Arms.Teacher), ensemble, arm => Folder(arm, outcome.Seed, outcome.IsShared(arm)), cancellationToken);
        if (arms.IsTeacherShared)
            shared.Once(Arms.Teacher, Join);
        else
            Join();
        return first;
    }

    /// <summary>The members of an ensemble are disposed one by one: those that are shared outlive it.</summary>
    private void NoteEnsemble(Ensemble ensemble, IReadOnlyList<TeacherArm> members, SeedOutcome outcome)
    {
        var isShared = shared.Has(ensemble);
        outcome.Note(Arms.Teacher, ensemble, isShared ? members[0].Seed : outcome.Seed, isShared);
        if (!isShared && ensemble.Mixture.Weights is GateWeights { Gate: var gate })
            outcome.Own(gate);
    }

    private void Distil(RecipeArms arms, StudentSpec spec, Model model, Model teacher, SeedOutcome outcome, CancellationToken cancellationToken)
    {
        using var frozen = data.Teacher(teacher);
        using var answers = new TeacherProvider(frozen, spec.Distill.Batch, recipe, data, CacheFor(teacher), (session.Log, spec.Name, outcome.Seed), cancellationToken);
        foreach (var stage in arms.StagesOf(spec, model, teacher))
        {
            Arm Learn() => arms.Of(spec, stage, outcome.Seed, model, answers.For(stage.Section)) with { TeacherModel = outcome[Arms.Teacher] };
            if (stage.IsLast)
                Train(arms, spec.Name, outcome.Seed, model, Learn, cancellationToken);
            else
                TrainOn(Arms.OfStage(spec.Name, stage.Name!), outcome.Seed, model, Learn, cancellationToken);
        }
    }

    /// <summary>Where a teacher's answers are kept for the variants of a study, or for the other seeds of this run; null: nowhere.</summary>
    private (TeacherOutputCache Cache, string Teacher)? CacheFor(Model teacher)
    {
        var cache = session.TeacherCache ?? (recipe.RunSeeds().Count > 1 && shared.Has(teacher) ? shared.Answers : null);
        return cache is not null && TeacherOutputCache.Identity(teacher) is { } known ? (cache, known) : null;
    }

    /// <summary>An arm is trained and its model written, or, in a resumed run, read back if that was done before.</summary>
    private void Train(RecipeArms arms, string name, long seed, Model model, Func<Arm?> arm, CancellationToken cancellationToken)
    {
        var folder = Folder(name, seed, shared.Has(model));
        session.Stage(name, seed, model, ModelStore.WeightsIn(folder), () =>
        {
            if (arm() is { } trained)
                _training.Run(trained, cancellationToken);
            session.Log.Write(_store.Save(model, name, folder) with { StartsFrom = arms.StartsFromTeacher(name) ? Arms.Teacher : null });
        });
    }

    /// <summary>A stage with others after it: its weights are kept for a resumed run, and are no model of the result.</summary>
    private void TrainOn(string name, long seed, Model model, Func<Arm> arm, CancellationToken cancellationToken)
    {
        var weights = Path.Combine(session.Folder.Checkpoint(name, seed), "weights.safetensors");
        session.Stage(name, seed, model, weights, () =>
        {
            _training.Run(arm(), cancellationToken);
            ModelStore.Keep(model, weights);
        });
    }

    /// <summary>What is shared lies with the models of the first seed.</summary>
    private string Folder(string arm, long seed, bool isShared) => session.Folder.Model(arm, seed, isShared || seed == recipe.RunSeeds()[0]);
}
