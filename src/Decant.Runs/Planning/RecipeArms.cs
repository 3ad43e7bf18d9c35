using Decant.Evaluation;
using Decant.Export;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Modules.Adapters;
using Decant.Runs.Preparing;
using Decant.Runs.Preparing.ChatTeachers;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Runs.Planning;

/// <summary>What a recipe says of its arms: how their models are made, and how each is trained.</summary>
/// <param name="catalog">Makes models and objectives.</param>
/// <param name="recipe">The recipe.</param>
/// <param name="data">Its data, of the seed in question.</param>
internal sealed class RecipeArms(Catalog catalog, Recipe recipe, PreparedData data)
{
    /// <summary>The students that learn from a teacher, in training order; the last is the student itself, those before it are its assistants.</summary>
    public IReadOnlyList<StudentSpec> Students { get; } = StudentSpec.Of(recipe);

    /// <summary>The large models: one, or the members of an ensemble.</summary>
    public IReadOnlyList<TeacherMember> Members { get; } = TeacherMember.Of(recipe);

    private StudentSpec LastStudent => Students[^1];

    private int RangeSamples => (recipe.Export ?? new ExportSection()).CalibrationSamples;

    /// <summary>Whether the teacher as a whole is the same for all seeds of the run.</summary>
    public bool IsTeacherShared => Members.All(m => m.IsShared);

    /// <summary>Whether the teacher is a program's own model, which it goes on using.</summary>
    public bool IsTeacherLent => Members is [{ Section.Model: OwnModel { IsLent: true } }];

    /// <summary>The teacher as it begins, or the ensemble of several with its members; the caller disposes it.</summary>
    public Model NewTeacher(long seed)
    {
        var models = new List<Model>();
        try
        {
            foreach (var member in Members)
                models.Add(New(member.SeedOf(recipe, seed), member));
            return recipe.Teachers is null ? models[0] : EnsembleParts.Make(recipe, data, Members, models);
        }
        catch
        {
            foreach (var model in models)
                model.Dispose();
            throw;
        }
    }

    /// <summary>A large model, loaded or at its initial weights.</summary>
    /// <param name="seed">The seed that it is made with.</param>
    /// <param name="member">Which.</param>
    /// <param name="note">Gets remarks on how it was loaded; null: no remarks.</param>
    public Model New(long seed, TeacherMember member, Action<string>? note = null)
    {
        Seeding.Start(seed, member.Purpose(Seeding.TeacherWeights));
        var section = member.Section;
        if (data.Chat is { } said)
            return data.Answered(said);
        if (data.Scores is { } scores)
            return new ScoringModel(scores, data.Tokenizer!.VocabularySize);
        if (section.Gguf is { } gguf)
            return GgufTeachers.Model(gguf, data.OfTeacher);
        if (section is { Load: { } weights, Model: { } network } && (File.Exists(weights) || Directory.Exists(weights)))
        {
            using var bare = ShapesOnly.Open();
            using var shapes = catalog.CreateModel(network, data.Context);
            ModelFolder.CheckFits(weights, shapes, section.NewHead);
        }

        var empty = section.Model is { } choice ? catalog.CreateModel(choice, data.Context) : null;
        var model = section.Load is { } path ? new ModelStore(data, note).LoadTeacher(path, empty, section.NewHead) : empty!;
        TeacherContexts.Check(model, data);
        if (section.Train is null && !model.HasNoMemory && Rounding.Settle(model, data, section.Quantization) is { } rounded)
            note?.Invoke($"{member.Arm}: {rounded}");
        return model;
    }

    /// <summary>A student at its initial weights: the same for the same seed, and for student and control.</summary>
    /// <param name="spec">Which student.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="whole">The model of which the student may begin as a part, with the weights that it teaches with: of the first generation also for the later ones.</param>
    /// <param name="note">Gets remarks on how it was made; null: no remarks.</param>
    public Model New(StudentSpec spec, long seed, Model? whole, Action<string>? note = null)
    {
        Seeding.Start(seed, Seeding.StudentWeights + spec.Stream);
        return spec.Adapter is LoraOptions adapter ? AdaptedStudent.Make(recipe, spec, adapter, whole, newHead => Begun(spec, seed, whole, note, newHead), note) : Begun(spec, seed, whole, note, null);
    }

    private Model Begun(StudentSpec spec, long seed, Model? whole, Action<string>? note, List<string>? newHead)
    {
        var begun = spec.Load is { } folder ? new ModelStore(data, note).LoadStart(folder, newHead) : null;
        if (begun is not null && spec.Part is null)
            return begun;
        using (begun)
        {
            if (newHead?.Count > 0)
                throw new DecantException("student.from-teacher: the model that 'student.load' names has no head for this task, and a part of one cannot begin with a head that is new where 'student.adapter' trains the rest. Leave from-teacher out, or load a model with a head.");
            return spec.Part is { Static: { } table } ? StaticStudent.Make(table, begun ?? whole!, data, learnsFromTeacher: recipe.HasTeacher())
                : spec.Part is { } part ? PartStudent.Make(part, begun ?? whole!, data, Seeding.For(seed, Seeding.Calibration + spec.Stream), note)
                : catalog.CreateModel(spec.Model!, ContextOf(spec.Model!, whole));
        }
    }

    /// <summary>A student as student and control begin.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="whole">The teacher of its first generation.</param>
    public Model NewStudent(long seed, Model? whole) => New(LastStudent, seed, whole);

    /// <summary>A teacher learns from all labels; null when it stays as loaded.</summary>
    /// <param name="seed">The seed that it is made with.</param>
    /// <param name="member">Which.</param>
    /// <param name="model">Its model.</param>
    public Arm? Training(long seed, TeacherMember member, Model model) => member.Section.Train is not { } train ? null : new Arm
    {
        Name = member.Arm,
        Seed = seed,
        Purpose = member.Purpose(Seeding.TeacherTraining),
        Model = model,
        Fit = train,
        Objectives = train.Objectives,
        Samples = data.Train,
        Budget = Budget.Of(train, data.BatchesPerEpoch(data.Train, train)),
        Cores = Share(recipe.ThreadAllocation.Teacher),
        RoundedTo = member.Section.Quantization,
    };

    /// <summary>The stages that a student is trained in, in order.</summary>
    /// <param name="spec">Which student.</param>
    /// <param name="model">The student's model; needed where it is trained block by block.</param>
    /// <param name="teacher">Its teacher's; needed likewise.</param>
    public IReadOnlyList<Stage> StagesOf(StudentSpec spec, Model? model, Model? teacher) => Stage.Of(spec.Distill, catalog.Kinds, model, teacher);

    /// <summary>The arm that trains a student for one stage, on the transfer set of the stage.</summary>
    public Arm Of(StudentSpec spec, Stage stage, long seed, Model model, ITeacher? teacher) => new()
    {
        Name = stage.IsLast ? spec.Name : Arms.OfStage(spec.Name, stage.Name!),
        Stage = stage.Name,
        AsksToBeJudged = stage.AsksToBeJudged,
        Seed = seed,
        Purpose = stage.Purpose + spec.Stream,
        Model = model,
        Teacher = teacher,
        Follow = spec.Name == Arms.Student && teacher is not null && recipe.Teacher?.Follow is { Follows: true } follow ? follow : null,
        Fit = stage.Section,
        Objectives = stage.Section.Objectives,
        Convex = stage.Section.Combination == Balance.Convex,
        Train = stage.Section.Train,
        Freeze = stage.Section.Freeze,
        Samples = data.TransferSetOf(stage.Section.TransferSet),
        Budget = BudgetOf(stage),
        Cores = Share(recipe.ThreadAllocation.Student),
        RangeSamples = RangeSamples,
        Rounding = spec.Name == Arms.Student ? recipe.Student.Quantization : null,
        LearnsScales = spec.Name == Arms.Student && recipe.Student.LearnedNumbers == QuantizedLearning.Scales,
        RoundedTo = spec.Name == Arms.Student && stage.IsLast ? recipe.Student.Quantization : null,
    };

    /// <summary>
    /// The same student, seed and number of updates, without the teacher: it goes over the labelled samples of the transfer set as often as that takes, all of it
    /// trained as in the student's last stage.
    /// </summary>
    /// <param name="seed">The seed.</param>
    /// <param name="model">The control's model.</param>
    /// <param name="teacher">The student's teacher, which decides how many stages there are.</param>
    public Arm Control(long seed, Model model, Model teacher)
    {
        var stages = StagesOf(LastStudent, model, teacher);
        var last = stages[^1].Section;
        return new Arm
        {
            Name = Arms.Control,
            Seed = seed,
            Purpose = Seeding.StudentTraining,
            Model = model,
            Fit = WithoutTeacher(last),
            Objectives = LabelsOnly.Of(recipe.Task, stages, data.IsRanked),
            Samples = data.LabelledTransferSet,
            Budget = Budget.Of(last, data.BatchesPerEpoch(data.TransferSetOf(last.TransferSet), last), stages.Sum(s => BudgetOf(s).Steps)),
            Cores = Share(recipe.ThreadAllocation.Control),
            RangeSamples = RangeSamples,
            Rounding = recipe.Student.Quantization,
            LearnsScales = recipe.Student.LearnedNumbers == QuantizedLearning.Scales,
            RoundedTo = recipe.Student.Quantization,
        };
    }

    // Without a teacher no model gets closer to one: the best weights are chosen by the metric that the control is evaluated with.
    private DistillSection WithoutTeacher(DistillSection section) => ArmPlan.MetricOf(section, data) != Metric.TeacherCosine ? section with { Rollouts = null } : section with
    {
        Rollouts = null,
        BestBy = null,
        EarlyStopping = section.EarlyStopping is { } stopping ? stopping with { Metric = null } : null,
    };

    /// <summary>The baselines that stand beside the control.</summary>
    /// <exception cref="DecantException">The recipe lists one that its data gives no sense.</exception>
    public IReadOnlyList<BaselineKind> BaselineKinds()
    {
        var baselines = recipe.Baselines(data.HidesLabels);
        if (baselines.Contains(BaselineKind.AllLabels) && !data.HidesLabels)
            throw new DecantException($"baseline: 'all-labels' is for a student with hidden labels, and student and control have all {data.Train.LabelledCount:N0} of the training split, so the control is that baseline already: leave it out.");
        if (baselines.Contains(BaselineKind.FromScratch) && !data.CanControl)
            throw new DecantException("baseline: 'from-scratch' learns without a teacher, and the training samples have no labels that it could learn from; leave it out.");
        return baselines;
    }

    /// <summary>The models that the student is compared with: the control, and the baselines beside it.</summary>
    public IReadOnlyList<BaselineArm> Baselines()
    {
        Arm Own(string name, long seed, Model model, Model teacher) => Control(seed, model, teacher) with { Name = name };
        return
        [
            .. data.HasControl ? [new(Arms.Control, NewStudent, (seed, model, teacher) => Control(seed, model, teacher))] : (BaselineArm[])[],
            .. BaselineKinds().Select(baseline => baseline switch
            {
                BaselineKind.AllLabels => new BaselineArm(Arms.AllLabels, NewStudent, (seed, model, teacher) => Own(Arms.AllLabels, seed, model, teacher) with { Samples = data.Train.LabelledOnly() }),
                BaselineKind.FromScratch => new(Arms.FromScratch, Redrawn, (seed, model, teacher) => Own(Arms.FromScratch, seed, model, teacher)),
                _ => new BaselineArm(Arms.Untrained, NewStudent, (_, _, _) => null),
            }),
        ];
    }

    /// <summary>Whether the weights of an arm begin as a part of the teacher's.</summary>
    public bool StartsFromTeacher(string arm) => LastStudent is { Part: not null, Load: null } && arm is Arms.Student or Arms.Control or Arms.AllLabels or Arms.Untrained;

    /// <summary>A network like the student's, with newly drawn weights instead of the teacher's.</summary>
    private Model Redrawn(long seed, Model whole)
    {
        using var part = NewStudent(seed, whole);
        var config = (part as IConfigured)?.Config ?? throw new DecantException($"baseline: 'from-scratch' needs a student that can be made anew from its settings, and a {part.Kind} has none; leave it out.");
        Seeding.Start(seed, Seeding.StudentWeights);
        return config.Build();
    }

    // A network makes vectors as wide as its teacher's unless its options say otherwise; an encoder's or a table's are as wide as its states.
    private ModelContext ContextOf(ModelOptions options, Model? teacher)
    {
        var context = data.Context with { LearnsFromTeacher = recipe.HasTeacher() };
        return context.Task == ModelTask.Embedding && options is NetworkOptions && teacher is not null ? context with { Classes = teacher.Classes } : context;
    }

    private static ThreadAllocation? Share(string? text) => text is null ? null : ThreadAllocation.Parse(text);

    private Budget BudgetOf(Stage stage) => Budget.Of(stage.Section, data.BatchesPerEpoch(data.TransferSetOf(stage.Section.TransferSet), stage.Section));
}
