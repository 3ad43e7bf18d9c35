using Decant.Compression.Quantization;
using Decant.Models.Configuration;
using Decant.Models.MultiTask;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Teachers.Ensembles;

namespace Decant.Runs.Planning;

/// <summary>Makes the plan of a run from its recipe: seed by seed the teachers, the students with the stages, assistants and generations before them, what they are compared with, the figures; then the comparisons.</summary>
internal sealed class RunPlans(Catalog catalog, PreparedRun run)
{
    private readonly List<RunStep> _steps = [];
    private readonly Dictionary<ModelKey, PlannedModel> _models = [];
    private readonly IReadOnlyList<long> _seeds = run.Recipe.RunSeeds();

    /// <summary>The plan of a distillation.</summary>
    /// <exception cref="DecantException">The recipe has nothing to distil, or parts of it do not go together.</exception>
    public static RunPlan ToDistil(Catalog catalog, PreparedRun run)
    {
        var plans = new RunPlans(catalog, run);
        foreach (var seed in plans._seeds)
            plans.AddSeed(seed);
        plans.AddComparisons();
        return new RunPlan(plans._steps, [.. plans._models.Values]) { Device = run.Device };
    }

    /// <summary>The plan of the training of a teacher alone.</summary>
    public static RunPlan ToTrain(Catalog catalog, PreparedRun run)
    {
        var plans = new RunPlans(catalog, run);
        var task = run.Tasks[0].OfTeacher;
        var arms = new RecipeArms(catalog, task.Recipe, task.Data);
        var seed = plans._seeds[0];
        var teacher = plans.AddTeacher(seed, task, arms);
        // Vectors are measured against those of a teacher, which is the model itself here.
        var along = task.Data.Context.Task == ModelTask.Embedding ? teacher : (ModelKey?)null;
        plans._steps.Add(new EvaluateStep(RunStep.IdOf(seed, null, "evaluate/teacher"), task, teacher, along) { Seed = seed, After = plans.AfterTraining(teacher), Uses = [teacher] });
        plans._steps.Add(new WriteStep("report") { After = [.. plans._steps.Select(s => s.Id)], Leaves = ["summary.json", "report.html"] });
        return new RunPlan(plans._steps, [.. plans._models.Values]) { Device = run.Device };
    }

    /// <summary>The plan of the training of a student alone, of the first seed, whose figures are those of the validation.</summary>
    public static RunPlan ToLearn(Catalog catalog, PreparedRun run)
    {
        var plans = new RunPlans(catalog, run);
        var seed = plans._seeds[0];
        var task = run.ForSeed(seed)[0];
        var arms = new RecipeArms(catalog, task.Recipe, task.Data);
        plans.AddStudents(seed, task, arms, plans.AddTeacher(seed, task.OfTeacher, new RecipeArms(catalog, task.Recipe, task.OfTeacher.Data)), []);
        plans._steps.Add(new WriteStep("report") { After = [.. plans._steps.Select(s => s.Id)], Leaves = ["summary.json", "report.html"] });
        return new RunPlan(plans._steps, [.. plans._models.Values]) { Device = run.Device };
    }

    private void AddSeed(long seed)
    {
        var tasks = run.ForSeed(seed);
        var teachers = tasks.Select(t => (Task: t, Arms: new RecipeArms(catalog, t.Recipe, t.Data), Teacher: AddTeacher(seed, t.OfTeacher, new RecipeArms(catalog, t.Recipe, t.OfTeacher.Data)))).ToArray();
        var measured = teachers.Select(t => Measured(t.Task, seed, t.Arms, t.Teacher)).ToArray();
        if (run.Recipe is MultiTaskRecipe several)
            AddJointStudents(seed, several, teachers, measured);
        else
            AddStudents(seed, teachers[0].Task, teachers[0].Arms, teachers[0].Teacher, measured[0]);
        foreach (var ((task, _, teacher), models) in teachers.Zip(measured))
            AddFigures(seed, task, teacher, models);
    }

    // 1. The teacher: loaded, or trained on all labels; of several, one after the other, and then together.
    private ModelKey AddTeacher(long seed, PreparedTask task, RecipeArms arms)
    {
        var members = arms.Members.Select(m => (Member: m, Key: new ModelKey(task.Name, m.Arm, m.SeedOf(task.Recipe, seed)))).ToArray();
        foreach (var (member, key) in members.Where(m => _models.TryAdd(m.Key, Planned(m.Key, m.Member))))
        {
            _steps.Add(new TrainStep(RunStep.IdOf(member.IsShared ? null : seed, task.Name, member.Arm), key, member.Arm)
            {
                Seed = seed,
                Task = task.Name,
                Of = task,
                Uses = [key],
                Training = inputs => arms.Training(key.Seed, member, inputs[key]) is { } arm ? arm with { Task = task.Name } : null,
                IsTeacher = true,
                IsShared = member.IsShared,
                Weights = ModelStore.WeightsIn(Folder(seed, task, member.Arm, member.IsShared)),
                Saves = [new(task, key, Folder(seed, task, member.Arm, member.IsShared))],
                Leaves = [ModelStore.WeightsIn(Folder(seed, task, member.Arm, member.IsShared))],
            });
        }

        return task.Recipe.Teachers is null ? members[0].Key : AddEnsemble(seed, task, arms, members);

        PlannedModel Planned(ModelKey key, TeacherMember member) => new(key, inputs => arms.New(key.Seed, member, text => inputs.Note(key, text)))
        {
            IsTeacher = true,
            Task = task,
            Release = member.Section.Model is OwnModel { IsLent: true } ? _ => { }
            : model => model.Dispose(),
        };
    }

    private ModelKey AddEnsemble(long seed, PreparedTask task, RecipeArms arms, (TeacherMember Member, ModelKey Key)[] members)
    {
        var key = new ModelKey(task.Name, Arms.Teacher, arms.IsTeacherShared ? members[0].Key.Seed : seed);
        if (!_models.TryAdd(key, new PlannedModel(key, inputs => EnsembleParts.Make(task.Recipe, task.Data, arms.Members, [.. members.Select(m => inputs[m.Key])]))
        {
            Parts = [.. members.Select(m => m.Key)],
            Release = model => ((model as Ensemble)?.Mixture.Weights as GateWeights)?.Gate.Dispose(),
            IsTeacher = true,
            Task = task,
        }))
            return key;
        var folder = Folder(seed, task, Arms.Teacher, arms.IsTeacherShared);
        _steps.Add(new CombineStep(RunStep.IdOf(arms.IsTeacherShared ? null : seed, task.Name, Arms.Teacher), key, task, [.. members.Select(m => (m.Member.Arm, Folder(seed, task, m.Member.Arm, m.Member.IsShared)))], folder)
        {
            Seed = seed,
            Task = task.Name,
            After = [.. members.SelectMany(m => AfterTraining(m.Key))],
            Uses = [key],
            Leaves = [Path.Combine(folder, CombineStep.FileName)],
        });
        return key;
    }

    // 2. The student, and before it the assistants and earlier generations that the recipe has: each learns from the one before, stage by stage.
    // 3. The control, and what else the student is compared with: the same student without the teacher.
    private void AddStudents(long seed, PreparedTask task, RecipeArms arms, ModelKey first, List<ModelKey> measured)
    {
        var (teacher, whole, before) = (first, first, first);
        var along = first;
        using var shapes = new StageShapes(arms, seed);
        foreach (var spec in arms.Students)
        {
            whole = spec.IsLater ? whole : teacher;
            var isOfTeacher = spec.Distill.TaughtBy == TaughtBy.Teacher;
            var (key, from, taught) = (new ModelKey(task.Name, spec.Name, seed), whole, isOfTeacher ? first : teacher);
            _models.Add(key, new PlannedModel(key, inputs => arms.New(spec, seed, inputs[from], text => inputs.Note(key, text))) { Task = task });
            var answers = task.Data.LearnsWhatWasWritten ? null : AddAnswers(seed, task, taught, spec.Name, spec.Distill.Batch); // what a chat model wrote is learned as labels are
            foreach (var stage in shapes.StagesOf(spec))
            {
                AddStage(seed, task, key, stage.IsLast ? spec.Name : Arms.OfStage(spec.Name, stage.Name!), stage.IsLast,
                    inputs => arms.Of(spec, stage, seed, inputs[key], answers is null ? null : inputs.Answers(answers, stage.Section)) with { TeacherModel = task.Data.HasOwnTeacherInput || !task.Data.MeasuresTeacher ? null : inputs[along] },
                    uses: [key, from, taught, along], answers, isOfTeacher ? AfterTraining(from) : [], arms.StartsFromTeacher(spec.Name));
            }

            measured.Add(key);
            (before, teacher) = (taught, key);
        }

        foreach (var baseline in arms.Baselines())
        {
            var (key, from, taught) = (new ModelKey(task.Name, baseline.Name, seed), whole, before);
            _models.Add(key, new PlannedModel(key, inputs => baseline.New(seed, inputs[from])) { Task = task });
            AddStage(seed, task, key, baseline.Name, isLast: true, inputs => baseline.Training(seed, inputs[key], inputs[taught]), [key, from, taught], null, AfterTraining(from), arms.StartsFromTeacher(baseline.Name));
            measured.Add(key);
        }
    }

    // The same for several tasks: all at once, each batch from its task's teacher; without the teachers; on all labels, where some are hidden; each task alone.
    private void AddJointStudents(long seed, MultiTaskRecipe recipe, (PreparedTask Task, RecipeArms Arms, ModelKey Teacher)[] tasks, List<ModelKey>[] measured)
    {
        var arms = new MultiTaskArms(catalog, recipe, [.. tasks.Select(t => t.Task)]);
        string[] answers = [.. tasks.Select(t => AddAnswers(seed, t.Task, t.Teacher, Arms.Student, recipe.Distill.Batch))];
        Joint(Arms.Student, (inputs, model) => arms.Student(seed, model, [.. tasks.Zip(answers, (t, a) => inputs.Answers(a, t.Task.Recipe.Distill))]));
        if (recipe.Control)
            Joint(Arms.Control, (_, model) => arms.Control(seed, model));
        if (arms.HasAllLabels())
            Joint(Arms.AllLabels, (_, model) => arms.AllLabels(seed, model));
        foreach (var (index, (task, own, teacher)) in tasks.Index())
        {
            if (!recipe.SingleTask)
                continue;
            var (key, student) = (new ModelKey(task.Name, Arms.Single, seed), new ModelKey(null, Arms.Student, seed));
            _models.Add(key, new PlannedModel(key, inputs => own.NewStudent(seed, inputs[teacher])) { Task = task });
            AddStage(seed, task, key, Arms.Single, isLast: true,
                inputs => arms.Single(index, seed, inputs[key], inputs.Answers(answers[index], task.Recipe.Distill), arms.Control(seed, (MultiTaskModel)inputs[student])),
                [key, teacher, student], answers[index], [], startsFrom: false);
            measured[index].Add(key);
        }

        void Joint(string arm, Func<IStepInputs, MultiTaskModel, MultiTaskArm> training)
        {
            var key = new ModelKey(null, arm, seed);
            _models.Add(key, new PlannedModel(key, _ => arms.NewStudent(seed)));
            var parts = tasks.Select(t => new ModelKey(t.Task.Name, arm, seed)).ToArray();
            foreach (var ((task, _, _), part) in tasks.Zip(parts))
                _models.Add(part, new PlannedModel(part, inputs => ((MultiTaskModel)inputs[key]).Of(task.Name!)) { Parts = [key], Release = _ => { }, Task = task });
            var weights = Path.Combine("checkpoints", FormattableString.Invariant($"{arm}-seed-{seed}"), "weights.safetensors");
            SavedModel[] saves = [.. tasks.Zip(parts, (t, part) => new SavedModel(t.Task, part, Folder(seed, t.Task, arm, isShared: false)))];
            _steps.Add(new TrainStep(RunStep.IdOf(seed, null, arm), key, arm)
            {
                Seed = seed,
                After = arm == Arms.Student ? answers : [],
                LearnsFrom = arm == Arms.Student ? answers : [],
                Uses = arm == Arms.Student ? [key, .. parts, .. tasks.Select(t => t.Teacher)] : [key, .. parts],
                Training = inputs => training(inputs, (MultiTaskModel)inputs[key]),
                Weights = weights,
                Saves = saves,
                Leaves = [weights, .. saves.Select(s => ModelStore.WeightsIn(s.Folder))],
            });
            foreach (var (models, part) in measured.Zip(parts))
                models.Add(part);
        }
    }

    private string AddAnswers(long seed, PreparedTask task, ModelKey teacher, string student, int batch)
    {
        var id = RunStep.IdOf(seed, task.Name, $"answers/{student}");
        _steps.Add(new AskStep(id, task, teacher, student, batch) { Seed = seed, Task = task.Name, After = AfterTraining(teacher), Uses = [teacher] });
        return id;
    }

    /// <summary>A stage of an arm of one task; the last writes its model, others keep weights for a resumed run.</summary>
    private void AddStage(long seed, PreparedTask task, ModelKey key, string name, bool isLast, Func<IStepInputs, TrainedArm?> training, IReadOnlyList<ModelKey> uses, string? answers, IReadOnlyList<string> after, bool startsFrom)
    {
        var folder = Folder(seed, task, name, isShared: false);
        var weights = isLast ? ModelStore.WeightsIn(folder) : Path.Combine("checkpoints", FormattableString.Invariant($"{name}-seed-{seed}"), "weights.safetensors");
        _steps.Add(new TrainStep(RunStep.IdOf(seed, task.Name, name), key, name)
        {
            Seed = seed,
            Task = task.Name,
            Of = task,
            After = [.. after, .. AfterTraining(key), .. answers is null ? [] : (string[])[answers]],
            LearnsFrom = answers is null ? [] : [answers],
            Uses = [.. uses.Distinct()],
            Training = training,
            Weights = weights,
            Saves = isLast ? [new(task, key, folder)] : [],
            StartsFrom = isLast && startsFrom ? Arms.Teacher : null,
            Leaves = [weights],
        });
    }

    // 4. The figures: each model on samples that nothing has seen; with those of the first seed how fast they are, and how they continue the prompts.
    private void AddFigures(long seed, PreparedTask task, ModelKey teacher, IReadOnlyList<ModelKey> models)
    {
        var asksAlong = task.Data.AsksTeacherAlong;
        foreach (var model in models)
        {
            // One batch of tokens cannot be shown to a student and to a teacher that reads with a tokenizer of its own.
            var along = asksAlong && (model == teacher ? task.Data.Context.Task == ModelTask.Embedding : !task.Data.HasOwnTeacherInput && task.Data.MeasuresTeacher && !task.Data.IsRouted) ? teacher : (ModelKey?)null;
            var id = RunStep.IdOf(seed, task.Name, $"evaluate/{model.Arm}");
            if (_steps.Any(s => s is EvaluateStep evaluated && evaluated.Model == model))
                continue; // what all seeds share is evaluated once
            _steps.Add(new EvaluateStep(id, model == teacher ? task.OfTeacher : task, model, along)
            {
                Seed = seed,
                Task = task.Name,
                After = [.. _steps.OfType<TrainStep>().Select(s => s.Id), .. AfterTraining(model)],
                RoundedAs = model.Arm is Arms.Student or Arms.Control or Arms.AllLabels or Arms.FromScratch && task.Recipe.Student.Quantization is Int8Options form ? form : null,
                Folder = Folder(seed, task, model.Arm, isShared: false),
                Uses = [model, .. along is { } asked ? [asked] : (ModelKey[])[]],
            });
        }

        _steps.AddRange(TextSteps.Generating(task, seed, _steps, arm => Folder(seed, task, arm, isShared: false)));
        if (seed != _seeds[0])
            return;
        string[] evaluated = [.. _steps.OfType<EvaluateStep>().Select(s => s.Id)];
        if (task.Recipe.Evaluate.LatencyRuns > 0)
        {
            // What is behind an API is not timed here: its answers are looked up.
            ModelKey[] timed = [.. models.Where(model => model != teacher || task.Data.Chat is null)];
            _steps.Add(new LatencyStep(RunStep.IdOf(seed, task.Name, "latency"), task, timed) { Seed = seed, Task = task.Name, After = evaluated, Uses = timed });
        }

        if (task.Recipe.Evaluate.Prompts is { Count: > 0 } && task.Data.Tokenizer is not null)
            _steps.Add(new ContinueStep(RunStep.IdOf(seed, task.Name, "prompts"), task, models) { Seed = seed, Task = task.Name, After = evaluated, Uses = models });
        AddExport(task);
    }

    // The student that others take away is the first seed's.
    private void AddExport(PreparedTask task)
    {
        if (task.Recipe.Export is not { } section)
            return;
        var (seed, evaluated) = (_seeds[0], _steps.OfType<EvaluateStep>().Where(s => s.Task == task.Name && s.Seed == _seeds[0]).ToArray());
        var student = evaluated.First(s => s.Model.Arm == Arms.Student).Model;
        var teacher = evaluated.FirstOrDefault(s => s.Model.Arm == Arms.Teacher)?.Model;
        var folder = Folder(seed, task, Arms.Student, isShared: false);
        _steps.Add(new ExportStep(RunStep.IdOf(null, task.Name, "export"), task, student, teacher, section, folder)
        {
            Task = task.Name,
            After = [.. evaluated.Select(s => s.Id)],
            Uses = [student, .. teacher is { } measured ? [measured] : (ModelKey[])[]],
            Leaves = [Path.Combine(folder, "onnx")],
        });
    }

    // 5. Over all seeds: who is better than whom, and where; then the report.
    private void AddComparisons()
    {
        string[] evaluated = [.. _steps.OfType<EvaluateStep>().Select(s => s.Id)];
        foreach (var task in run.Tasks)
        {
            var arms = _steps.OfType<EvaluateStep>().Where(s => s.Task == task.Name).Select(s => s.Model.Arm).ToHashSet();
            foreach (var (a, b) in ComparedArms.Of(arms, task.Data))
                _steps.Add(new CompareStep(RunStep.IdOf(null, task.Name, $"compare/{a}-{b}"), a, b) { Task = task.Name, After = evaluated });
            _steps.Add(new DifferencesStep(RunStep.IdOf(null, task.Name, "compare/samples")) { Task = task.Name, After = [.. evaluated, .. _steps.OfType<CompareStep>().Where(c => c.Task == task.Name).Select(c => c.Id)] });
        }

        foreach (var task in run.Tasks)
            _steps.AddRange(TextSteps.Comparing(task, _steps));
        _steps.Add(new WriteStep("report") { After = [.. _steps.Select(s => s.Id)], Leaves = ["summary.json", "report.html"] });
    }

    private static List<ModelKey> Measured(PreparedTask task, long seed, RecipeArms arms, ModelKey teacher) => !task.Data.MeasuresTeacher ? []
        : task.Recipe.Teachers is null ? [teacher]
        : [.. task.Data.IsRouted ? (ModelKey[])[] : [teacher], .. arms.Members.Select(m => new ModelKey(task.Name, m.Arm, m.SeedOf(task.Recipe, seed)))];

    /// <summary>The steps that train a model, so far.</summary>
    private string[] AfterTraining(ModelKey key) => [.. _steps.Where(s => s is TrainStep { Model: var trained } && trained == key || s is CombineStep { Model: var combined } && combined == key).Select(s => s.Id)];

    /// <summary>Where a model lies in the run's folder: what all seeds share with the models of the first.</summary>
    private string Folder(long seed, PreparedTask task, string arm, bool isShared)
    {
        var own = task.Name is null ? arm : Path.Combine(task.Name, arm);
        return isShared || seed == _seeds[0] ? own : Path.Combine(FormattableString.Invariant($"seed-{seed}"), own);
    }
}
