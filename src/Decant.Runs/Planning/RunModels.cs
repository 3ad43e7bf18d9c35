using Decant.Modules;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Signals;

namespace Decant.Runs.Planning;

/// <summary>The models of a plan while its steps are gone through: each is made when a step first needs it, and released after the last that does.</summary>
/// <param name="plan">The plan.</param>
/// <param name="teachers">Teachers that were made for another look at the plan, and those of this one when it is over.</param>
internal class RunModels(RunPlan plan, MadeTeachers teachers) : IStepInputs, IDisposable
{
    private readonly Dictionary<ModelKey, Model> _there = [];
    private readonly Dictionary<string, IDisposable> _answers = [];
    private readonly Dictionary<ModelKey, int> _lastUse = LastUses(plan);
    private readonly Dictionary<string, int> _lastNeed = LastNeeds(plan);

    /// <summary>The plan.</summary>
    public RunPlan Plan => plan;

    /// <inheritdoc/>
    public Model this[ModelKey key]
    {
        get
        {
            if (_there.TryGetValue(key, out var there))
                return there;
            var planned = plan.Models[key];
            foreach (var part in planned.Parts)
                _ = this[part];
            // The one place where a model gets to its device.
            var model = teachers.Take(key, Note) ?? planned.Make(this).On(plan.Device);
            _there[key] = model;
            Made(key, model);
            return model;
        }
    }

    /// <inheritdoc/>
    public ITeacher Answers(string step, DistillSection stage)
    {
        if (!_answers.TryGetValue(step, out var answers))
            _answers[step] = answers = Ask(plan.Steps.OfType<AskStep>().Single(s => s.Id == step));
        return Answers(answers, stage);
    }

    /// <inheritdoc/>
    public virtual void Note(ModelKey key, string text) => teachers.Note(key, text);

    /// <summary>A step is done: what no later one needs is released.</summary>
    public void Done(RunStep step)
    {
        var index = Index(step);
        foreach (var id in _answers.Keys.Where(id => _lastNeed.GetValueOrDefault(id, -1) <= index).ToArray())
        {
            _answers.Remove(id, out var answers);
            answers!.Dispose();
        }

        foreach (var key in _there.Keys.Where(key => _lastUse.GetValueOrDefault(key, -1) <= index).ToArray())
            Release(key);
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A model was made, or taken as it was made before: it may have been trained by then.</summary>
    protected virtual void Made(ModelKey key, Model model)
    {
    }

    /// <summary>Makes a teacher's answers ready.</summary>
    protected virtual IDisposable Ask(AskStep step)
    {
        var teacher = step.Of.Data.Teacher(this[step.Teacher], step.Teacher.Arm == Arms.Teacher);
        return step.Stored is { } options ? AnswersOnDisk.Tried(options, teacher) : teacher;
    }

    /// <summary>What a stage is taught by.</summary>
    protected virtual ITeacher Answers(IDisposable asked, DistillSection stage) => (ITeacher)asked;

    /// <summary>A model is no longer needed.</summary>
    protected virtual void Release(PlannedModel planned, Model model)
    {
        if (!planned.IsTeacher || !teachers.Give(planned, model))
            planned.Release(model);
    }

    protected virtual void Dispose(bool disposing)
    {
        foreach (var answers in _answers.Values)
            answers.Dispose();
        _answers.Clear();
        foreach (var key in _there.Keys.Reverse().ToArray())
            Release(key);
    }

    private void Release(ModelKey key)
    {
        _there.Remove(key, out var model);
        Release(plan.Models[key], model!);
    }

    private int Index(RunStep step) => plan.Steps.TakeWhile(s => s != step).Count();

    private static Dictionary<ModelKey, int> LastUses(RunPlan plan)
    {
        var last = new Dictionary<ModelKey, int>();
        foreach (var (index, step) in plan.Steps.Index())
        {
            foreach (var key in step.Uses.SelectMany(plan.WithParts))
                last[key] = index;
        }

        return last;
    }

    private static Dictionary<string, int> LastNeeds(RunPlan plan) =>
        plan.Steps.Index().SelectMany(s => s.Item.LearnsFrom.Select(id => (id, s.Index))).GroupBy(n => n.id).ToDictionary(g => g.Key, g => g.Max(n => n.Index));
}
