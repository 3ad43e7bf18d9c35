using Decant.Data;
using Decant.Models;
using Decant.Modules;
using Decant.Recipes;
using Decant.Reports;
using Decant.Signals;
using Decant.Teachers;

namespace Decant.Jobs;

/// <summary>What a recipe says of its arms: their models, and how each is trained.</summary>
internal sealed class RecipeArms(Catalog catalog, Recipe recipe, PreparedData data, ModelStore store)
{
    private int WarmUpEpochs => recipe.Distill.WarmUp?.Epochs ?? 0;

    private readonly IReadOnlyList<TeacherMember> _members = TeacherMember.Of(recipe);

    /// <summary>The teacher's model, loaded or new, or the ensemble of several; the caller disposes it.</summary>
    public Model NewTeacher(long seed)
    {
        var models = new List<Model>();
        try
        {
            foreach (var member in _members)
                models.Add(New(seed, member));
            return recipe.Teachers is null ? models[0] : EnsembleParts.Make(recipe, data, _members, models);
        }
        catch
        {
            models.ForEach(m => m.Dispose());
            throw;
        }
    }

    /// <summary>The large models, each with its own training.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="teacher">As <see cref="NewTeacher"/> made it.</param>
    public IReadOnlyList<TeacherArm> Teachers(long seed, Model teacher)
    {
        var models = teacher is Ensemble several ? several.Members.Select(m => m.Model) : [teacher];
        return [.. _members.Zip(models, (member, model) => new TeacherArm(member.Arm, model, Training(seed, member, model)))];
    }

    private Model New(long seed, TeacherMember member)
    {
        Seeding.Start(seed, member.Purpose(Seeding.TeacherWeights));
        var section = member.Section;
        var empty = section.Model is { } choice ? catalog.CreateModel(choice, data.Context) : null;
        return section.Load is { } path ? store.LoadTeacher(path, empty, section.NewHead) : empty!;
    }

    /// <summary>A student as student and control begin: the same weights for the same seed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="teacher">The teacher as it teaches, for a student that begins as a part of it.</param>
    public Model NewStudent(long seed, Model teacher)
    {
        Seeding.Start(seed, Seeding.StudentWeights);
        return recipe.Student.FromTeacher is { } part
            ? StudentFromTeacher.Make(teacher, TeacherPart.Of(part, teacher))
            : catalog.CreateModel(recipe.Student.Model!, data.Context);
    }

    /// <summary>A teacher learns from all labels; null when it stays as loaded.</summary>
    private Arm? Training(long seed, TeacherMember member, Model model) => member.Section.Train is not { } train ? null : new Arm
    {
        Name = member.Arm,
        Seed = seed,
        Purpose = member.Purpose(Seeding.TeacherTraining),
        Model = model,
        Fit = train,
        Objectives = train.Objectives,
        Samples = data.Train,
        Budget = Budget.Of(train, data.BatchesPerEpoch(data.Train, train)),
        Cores = Share(recipe.Cores.Teacher),
    };

    /// <summary>The student imitates its teacher, before anything else; null when the recipe has no warm-up.</summary>
    public Arm? WarmUp(long seed, Model model, ITeacher teacher) => WarmUpEpochs == 0 ? null : Student(seed, model, teacher) with
    {
        Name = Arms.WarmUp,
        Purpose = Seeding.WarmUpTraining,
        Objectives = [.. recipe.Distill.Objectives.Where(o => catalog.Kinds.Kinds(Sections.Objective).Single(k => k.Kind == o.Kind).NeedsTeacher)],
        Budget = Budget.Of(recipe.Distill, data.BatchesPerEpoch(data.Student, recipe.Distill), only: WarmUpEpochs),
    };

    /// <summary>The student learns what the recipe says, from the transfer set.</summary>
    public Arm Student(long seed, Model model, ITeacher teacher) => Untaught(Arms.Student, seed, model, data.Student) with
    {
        Teacher = teacher,
        Objectives = recipe.Distill.Objectives,
        Convex = recipe.Distill.Balance == Balance.Convex,
        Budget = Budget.Of(recipe.Distill, data.BatchesPerEpoch(data.Student, recipe.Distill)),
        Cores = Share(recipe.Cores.Student),
    };

    /// <summary>The same student, seed and number of updates, without the teacher: it goes over the labelled samples of the transfer set as often as that takes.</summary>
    public Arm Control(long seed, Model model) => Untaught(Arms.Control, seed, model, data.StudentLabelled) with
    {
        Objectives = LabelsOnly.Of(recipe),
        Budget = Budget.Of(recipe.Distill, data.BatchesPerEpoch(data.Student, recipe.Distill), more: WarmUpEpochs),
        Cores = Share(recipe.Cores.Control),
    };

    private static CoreSplit? Share(string? text) => text is null ? null : CoreSplit.Parse(text);

    private Arm Untaught(string name, long seed, Model model, Dataset samples) => new()
    {
        Name = name,
        Seed = seed,
        Purpose = Seeding.StudentTraining,
        Model = model,
        Fit = recipe.Distill,
        Objectives = [],
        Samples = samples,
        Budget = default,
    };
}
