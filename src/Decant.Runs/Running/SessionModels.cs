using Decant.Export;
using Decant.Modules;
using Decant.Runs.Planning;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Signals;
using Decant.Teachers.Answers;
using Decant.Teachers.Ensembles;

namespace Decant.Runs.Running;

/// <summary>The models of a run: one that an earlier process trained gets the weights that were left.</summary>
/// <param name="session">The run.</param>
/// <param name="plan">Its plan.</param>
/// <param name="teachers">Teachers that were made before the run began.</param>
/// <param name="cancellationToken">Stops asking a teacher, between batches.</param>
internal sealed class SessionModels(RunSession session, RunPlan plan, MadeTeachers teachers, CancellationToken cancellationToken) : RunModels(plan, teachers)
{
    private readonly TeacherOutputCache _ofSeeds = new(TeacherProvider.MostFeatureBytes);
    private readonly bool _hasSeveralSeeds = plan.Steps.Select(s => s.Seed).OfType<long>().Distinct().Count() > 1;

    /// <inheritdoc/>
    public override void Note(ModelKey key, string text)
    {
        // A run that is resumed after the step has the remark in its record.
        if (!Plan.Steps.OfType<TrainStep>().Any(s => s.Model == key && session.IsDone(s)))
            session.Log.For(key.Task).Note(text);
    }

    protected override void Made(ModelKey key, Model model)
    {
        if (Plan.Steps.OfType<TrainStep>().LastOrDefault(s => s.Model == key && session.IsDone(s)) is { } trained)
        {
            AdaptedStudent.Restore(model, session.Checked(trained), isWhole: trained.Saves.Count > 0);
            model.Eval();
        }
        else if (Plan.Steps.OfType<CombineStep>().FirstOrDefault(s => s.Model == key && session.IsDone(s)) is { } combined && model is Ensemble { Mixture.Weights: GateWeights { Gate: var gate } })
        {
            ModelFolder.LoadWeights(session.Checked(combined), gate);
        }
    }

    protected override IDisposable Ask(AskStep step)
    {
        var frozen = step.Of.Data.Teacher(this[step.Teacher], step.Teacher.Arm == Arms.Teacher);
        var stored = step.Stored is { } options ? AnswersOnDisk.Of(options, this[step.Teacher], frozen, $"{step.Of.Recipe.Name}: {step.Teacher.Arm}", step.Of.Data) : null;
        var provider = new TeacherProvider(frozen, step.Batch, step.Of.Recipe, step.Of.Data, CacheFor(step.Teacher), (session.Log.For(step.Task), step.Student, step.Seed!.Value), cancellationToken) { Stored = stored };
        return new Asked(frozen, stored, provider);
    }

    protected override ITeacher Answers(IDisposable asked, DistillSection stage) => ((Asked)asked).Answers.For(stage);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _ofSeeds.Dispose();
    }

    /// <summary>Where a teacher's answers are kept for the variants of a study, or for the other seeds of this run; null: nowhere.</summary>
    private (TeacherOutputCache Cache, string Teacher)? CacheFor(ModelKey teacher)
    {
        var isShared = Plan.Steps.OfType<TrainStep>().Any(s => s.Model == teacher && s.IsShared);
        var cache = teacher.Task is not null ? null : session.TeacherCache ?? (_hasSeveralSeeds && isShared ? _ofSeeds : null);
        return cache is not null && TeacherOutputCache.Identity(this[teacher]) is { } known ? (cache, known) : null;
    }

    private sealed record Asked(ITeacher Frozen, AnswersOnDisk? Stored, TeacherProvider Answers) : IDisposable
    {
        public void Dispose()
        {
            Answers.Dispose();
            Stored?.Dispose();
            Frozen.Dispose();
        }
    }
}
