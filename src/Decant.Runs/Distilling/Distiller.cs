using Decant.Compression.Quantization;
using Decant.Data;
using Decant.Data.Sources;
using Decant.Data.Splitting;
using Decant.Export;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Objectives;
using Decant.Runs.Jobs;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Recipes.Writing;
using Decant.Runs.Reports.Log;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Signals;
using Decant.Text;
using Decant.Text.Files;
using Decant.Text.Training;
using Decant.Training;
using Decant.Training.Checkpoints;
using Decant.Training.Optimizers;
using Microsoft.Extensions.Logging;

namespace Decant.Runs.Distilling;

/// <summary>
/// Distils a teacher into a student from C#: the same run as a recipe's, with control, validation, exact resumption, record and report. Every call gives a distiller with one thing more
/// and leaves the one it is called on as it is.
/// </summary>
/// <example><code>
/// var result = await Distiller.Create(teacher, student)
///     .On(train, validation, test)
///     .With(new SoftTargets { Temperature = 2 }, weight: 0.9)
///     .With(new Labels(), weight: 0.1)
///     .Train(o => { o.Epochs = 10; o.Optimizer = new AdamW { LearningRate = 2e-3 }; })
///     .WithControl()
///     .SaveTo("runs/reviews")
///     .RunAsync();
/// Console.WriteLine(result.Verdict);
/// </code></example>
public sealed record Distiller
{
    private const int MostTokens = 128;
    private const int StandardBatch = 32;
    private const double StandardRate = 1e-3; // PyTorch's of AdamW

    private Distiller(ModelSource teacher, ModelSource student) => (TeacherModel, StudentModel) = (teacher, student);

    private ModelSource TeacherModel { get; init; }

    private ModelSource StudentModel { get; init; }

    private DataSection? Data { get; init; }

    private Dataset? Looked { get; init; }

    private IReadOnlyList<ObjectiveOptions> Objectives { get; init; } = [];

    private Action<TrainingOptions> OfStudent { get; init; } = _ => { };

    private Action<TrainingOptions>? OfTeacher { get; init; }

    private bool HasControl { get; init; }

    private IReadOnlyList<long> RunSeeds { get; init; } = [1];

    private (TokenizerOptions? Tokenizer, int MaxTokens)? Text { get; init; }

    private ModelTask? Task { get; init; }

    private string? Folder { get; init; }

    private string? Name { get; init; }

    private int? MostThreads { get; init; }

    private ILogger? Logger { get; init; }

    private Func<Recipe, Recipe> Change { get; init; } = recipe => recipe;

    /// <summary>A distiller of a teacher and a student.</summary>
    /// <param name="teacher">The model that teaches: a <see cref="Model"/>, the folder of one, or the options of a family, which <see cref="TrainTeacher"/> trains.</param>
    /// <param name="student">The model that learns, likewise.</param>
    public static Distiller Create(ModelSource teacher, ModelSource student)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(student);
        return new(teacher, student);
    }

    /// <summary>The same with a student that a function makes, so that every seed draws new weights.</summary>
    /// <param name="teacher">The model that teaches.</param>
    /// <param name="student">Makes a student, with weights drawn from libtorch's generator, which is started from the seed of the run.</param>
    public static Distiller Create(ModelSource teacher, Func<Model> student) => Create(teacher, ModelSource.Of(student));

    /// <summary>The same with functions for both.</summary>
    /// <param name="teacher">Makes the teacher, which <see cref="TrainTeacher"/> trains.</param>
    /// <param name="student">Makes a student.</param>
    public static Distiller Create(Func<Model> teacher, Func<Model> student) => Create(ModelSource.Of(teacher), ModelSource.Of(student));

    /// <summary>The samples. They stay the caller's.</summary>
    /// <param name="train">What is learned from.</param>
    /// <param name="validation">What the best weights are chosen by; null: those of the last update are kept.</param>
    /// <param name="test">What is measured on at the end, and nothing else.</param>
    public Distiller On(Dataset train, Dataset? validation, Dataset test)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        return this with { Data = new DataSection { Train = Own(train), Validation = validation is null ? null : Own(validation), Test = Own(test) }, Looked = train };
    }

    /// <summary>The samples of one set, cut into training, validation and test split.</summary>
    /// <param name="samples">The samples; they stay the caller's.</param>
    /// <param name="split">What is cut off.</param>
    public Distiller On(Dataset samples, SplitOptions split)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(split);
        return this with { Data = new DataSection { Train = Own(samples), Split = split }, Looked = samples };
    }

    /// <summary>Samples that sources open, such as a CSV file.</summary>
    /// <param name="train">What is learned from.</param>
    /// <param name="validation">What the best weights are chosen by; null: what <paramref name="split"/> cuts off, or nothing.</param>
    /// <param name="test">What is measured on; null: what <paramref name="split"/> cuts off.</param>
    /// <param name="split">What is cut off the training samples; null: nothing.</param>
    public Distiller On(SourceOptions train, SourceOptions? validation = null, SourceOptions? test = null, SplitOptions? split = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        return this with { Data = new DataSection { Train = train, Validation = validation, Test = test, Split = split }, Looked = null };
    }

    /// <summary>The same with what is cut off the training samples for validation and test.</summary>
    /// <param name="samples">What is cut.</param>
    /// <param name="split">What is cut off.</param>
    public Distiller On(SourceOptions samples, SplitOptions split) => On(samples, null, null, split);

    /// <summary>How text becomes tokens, for models that read text; without this the tokenizer of the teacher's folder, and 128 tokens.</summary>
    /// <param name="tokenizer">Makes the ids.</param>
    /// <param name="maxTokens">The tokens that a text is cut to.</param>
    public Distiller WithTokenizer(ITokenizer tokenizer, int maxTokens = MostTokens)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return this with { Text = (new OwnTokenizer { Hash = tokenizer.Hash, Tokenizer = tokenizer }, maxTokens) };
    }

    /// <summary>The same with a tokenizer that is trained on the training split, or loaded.</summary>
    /// <param name="tokenizer">Its options; null: the tokenizer of the teacher's folder.</param>
    /// <param name="maxTokens">The tokens that a text is cut to.</param>
    public Distiller WithTokenizer(TokenizerOptions? tokenizer, int maxTokens = MostTokens) => this with { Text = (tokenizer, maxTokens) };

    /// <summary>The task, where the labels do not say it: classes are a classification, tags a token classification, numbers a regression.</summary>
    /// <param name="task">The task.</param>
    public Distiller For(ModelTask task) => this with { Task = task };

    /// <summary>Something that the student learns from; the weighted sum of all of them is minimised.</summary>
    /// <param name="objective">The options of an objective.</param>
    /// <param name="weight">Its weight; null: the one in the options, 1 by default.</param>
    public Distiller With(ObjectiveOptions objective, double? weight = null)
    {
        ArgumentNullException.ThrowIfNull(objective);
        return this with { Objectives = [.. Objectives, weight is { } own ? objective with { Weight = own } : objective] };
    }

    /// <summary>The same with an objective that a program wrote.</summary>
    /// <param name="objective">The objective; used in every training, so without weights or memory of its own.</param>
    /// <param name="weight">Its weight; 1.</param>
    public Distiller With(IObjective objective, double weight = 1)
    {
        ArgumentNullException.ThrowIfNull(objective);
        if (objective is IDisposable or ITrainedObjective or IStatefulObjective)
            throw new DecantException($"{objective.GetType().Name} has weights or memory of its own, and every training needs one for itself: give a function that makes it, With(() => new {objective.GetType().Name}(…)).");
        return With(objective, () => objective, weight);
    }

    /// <summary>The same with an objective that is made for every training.</summary>
    /// <param name="objective">Makes the objective.</param>
    /// <param name="weight">Its weight; 1.</param>
    public Distiller With(Func<IObjective> objective, double weight = 1)
    {
        ArgumentNullException.ThrowIfNull(objective);
        var one = objective() ?? throw new DecantException("The function that makes an objective gave null: it must give a new objective each time.");
        (one as IDisposable)?.Dispose();
        return With(one, objective, weight);
    }

    /// <summary>How the student is trained; without this for one epoch, in batches of 32, with AdamW at 1e-3.</summary>
    /// <param name="change">Sets what differs. The learning rate stands in the optimizer alone; the schedule's length follows from epochs or steps.</param>
    public Distiller Train(Action<TrainingOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return this with { OfStudent = OfStudent + change };
    }

    /// <summary>Trains the teacher first, on all labels.</summary>
    /// <param name="change">Sets what differs from one epoch, in batches of 32, with AdamW at 1e-3, on the labels.</param>
    public Distiller TrainTeacher(Action<TrainingOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return this with { OfTeacher = OfTeacher + change };
    }

    /// <summary>Trains the same student without the teacher too: only beside it the student's figures say what distillation was worth.</summary>
    public Distiller WithControl() => this with { HasControl = true };

    /// <summary>Exports the student to ONNX in float32 and in these forms, each measured in ONNX Runtime beside the teacher; the files lie in <c>student/onnx</c> of the run.</summary>
    /// <param name="forms">None: float32 alone.</param>
    public Distiller ExportOnnx(params IReadOnlyList<QuantizationOptions> forms) =>
        Configure(recipe => recipe with { Export = new() { Quantize = new ValueList<QuantizationOptions>([.. forms]) } });

    /// <summary>Hides labels of the training split from student and control, as where labelling is dear; the samples stay for the teacher to answer.</summary>
    /// <param name="labels">How many labels, or which share of them, stay.</param>
    public Distiller WithLabels(CountOrFraction labels) => Configure(recipe => recipe with { Data = recipe.Data with { StudentLabels = labels } });

    /// <summary>The seeds that the run is repeated with; 1 alone by default. A student that is given as a model begins alike with each.</summary>
    /// <param name="seeds">One or more.</param>
    public Distiller Seeds(params long[] seeds)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        return this with { RunSeeds = [.. seeds] };
    }

    /// <summary>How many threads compute at most; the machine's cores by default.</summary>
    /// <param name="threads">1 or more.</param>
    public Distiller Threads(int threads) => this with { MostThreads = threads };

    /// <summary>Where the run's folder is; a new one under <c>runs/</c> by default. A run there that was stopped is resumed, to the result that it would have had.</summary>
    /// <param name="folder">A folder that is not there, is empty, or holds a run of this distiller.</param>
    /// <param name="name">The run's name in reports; null: that of the folder.</param>
    public Distiller SaveTo(string folder, string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return this with { Folder = folder, Name = name };
    }

    /// <summary>Writes notes, trainings and figures to a logger.</summary>
    /// <param name="logger">The logger.</param>
    public Distiller LogTo(ILogger logger) => this with { Logger = logger ?? throw new ArgumentNullException(nameof(logger)) };

    /// <summary>How the models are measured: the most timed calls, the samples of an interval, prompts to be continued.</summary>
    /// <param name="options">The options.</param>
    public Distiller Evaluate(EvaluateOptions options) => Configure(recipe => recipe with { Evaluate = options });

    /// <summary>When the run writes down all that it needs to go on after it was killed; every five minutes by default.</summary>
    /// <param name="options">The options.</param>
    public Distiller Checkpoint(CheckpointOptions options) => Configure(recipe => recipe with { Checkpoints = options });

    /// <summary>Where the models compute: <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>; auto by default.</summary>
    /// <param name="device">The device.</param>
    public Distiller OnDevice(string device) => Configure(recipe => recipe with { Device = device });

    /// <summary>Everything else that a recipe can say.</summary>
    /// <param name="change">Gets the recipe that the calls so far come to.</param>
    internal Distiller Configure(Func<Recipe, Recipe> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var before = Change;
        return this with { Change = recipe => change(before(recipe)) };
    }

    /// <summary>Runs to the report, on a thread of its own.</summary>
    /// <param name="progress">Gets every event.</param>
    /// <param name="cancellationToken">Stops after the current update, with a checkpoint.</param>
    /// <exception cref="DecantException">A call is missing, or something does not fit: all faults at once, before anything is trained.</exception>
    /// <exception cref="OperationCanceledException">Stopped; the same call resumes it.</exception>
    public async Task<DistillationResult> RunAsync(IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        return await System.Threading.Tasks.Task.Factory.StartNew(() => Run(progress, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
    }

    private DistillationResult Run(IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        var ready = Fetched(progress, cancellationToken);
        return ready.Run(ready.ToRecipe(), progress, cancellationToken);
    }

    /// <summary>The same with folders in the place of addresses.</summary>
    private Distiller Fetched(IProgress<RunEvent>? progress, CancellationToken cancellationToken) => this with
    {
        TeacherModel = TeacherModel.Fetched(Kinds.Fetching, progress, cancellationToken),
        StudentModel = StudentModel.Fetched(Kinds.Fetching, progress, cancellationToken),
    };

    /// <summary>The recipe that the calls come to.</summary>
    /// <exception cref="DecantException">A call is missing.</exception>
    internal Recipe ToRecipe()
    {
        CheckCalls();
        var distill = new DistillSection { Epochs = 1, Batch = StandardBatch, Optimizer = new AdamW { LearningRate = StandardRate }, Objectives = Objectives };
        OfStudent(distill);
        var recipe = Change(new Recipe
        {
            Name = Name ?? (Folder is null ? "distillation" : Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder)))),
            Task = Task ?? TaskOf(Looked),
            Seeds = new Decant.Runs.Recipes.Binding.ValueList<long>(RunSeeds),
            Threads = MostThreads,
            Data = Data!,
            Input = new InputSection { Kind = Kind(), Tokenizer = Text?.Tokenizer, MaxTokens = IsText ? Text?.MaxTokens ?? MostTokens : null },
            Teacher = Teacher(),
            Student = new StudentSection { Model = StudentModel.ToOptions(isTrained: true) },
            Distill = WithLength(distill),
            Control = HasControl,
            References = TeacherModel is { Folder: { } folder, Exact: { } exact } ? VariableReferences.None.With([("teacher.load", exact, exact, folder)]) : VariableReferences.None,
        });
        Check(recipe);
        return recipe;
    }

    private void CheckCalls()
    {
        (string What, string Call)[] lacking =
        [
            .. Data is null ? [("samples", "On(train, validation, test) or On(samples, split)")] : Array.Empty<(string, string)>(),
            .. Objectives.Count == 0 ? [("an objective", "With(objective)")] : Array.Empty<(string, string)>(),
            .. TeacherModel.Options is not null && OfTeacher is null ? [("the training of its teacher, whose weights are drawn", "TrainTeacher(o => …)")] : Array.Empty<(string, string)>(),
            .. IsText && Data is not null && Text is null && TeacherModel.Gguf is null && (TeacherModel.Folder is null || !TokenizerFile.Exists(TeacherModel.Folder)) ? [("what makes tokens of text", "WithTokenizer(…)")] : Array.Empty<(string, string)>(),
        ];
        if (StudentModel.Chat is not null || StudentModel.Vectors is not null)
            throw new DecantException("Distiller: a model behind an API cannot learn; give it as the teacher.");
        if (StudentModel.Gguf is not null)
            throw new DecantException("Distiller: a GGUF file cannot learn; give it as the teacher.");
        if ((TeacherModel.Folder ?? StudentModel.Folder) is { } folder && !Directory.Exists(folder) && !File.Exists(folder))
            throw new DecantException($"Distiller: there is no model in {Path.GetFullPath(folder)}: give the folder of a model, with its config.json and weights.");
        if (TeacherModel.Own is { } own && ReferenceEquals(own, StudentModel.Own))
            throw new DecantException("Distiller: teacher and student are one model, and it cannot keep the teacher's weights and get the student's. Give a copy, or a function that makes the student.");
        if (lacking.Length > 0)
            throw new DecantException($"Distiller lacks {string.Join(", and ", lacking.Select(l => l.What))}: call {string.Join(" and ", lacking.Select(l => l.Call))} before RunAsync.");
    }

    /// <summary>Ranges, and what goes together, are checked as those of a recipe that is read; where that stands in a text of which nobody knows is left out.</summary>
    private static void Check(Recipe recipe)
    {
        try
        {
            new RecipeReader(Kinds.Kinds).Parse(recipe.ToYaml(Kinds.Kinds), "Distiller", Directory.GetCurrentDirectory());
        }
        catch (RecipeException error)
        {
            throw new DecantException(string.Join('\n', error.Faults.Select(f => $"Distiller: {f.Message}")), error.ExitCode, error);
        }
    }

    private static Catalog Kinds { get; } = Catalog.Standard.WithOwn();

    private bool IsText => Kind() == Decant.Runs.Recipes.Kinds.InputKind.Text;

    private DistillationResult Run(Recipe recipe, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        var (job, options) = (new DistillJob(Kinds with { Asking = new() { Client = TeacherModel.Chat?.Client, Generator = TeacherModel.Vectors?.Generator, Agrees = _ => true } }), new RunOptions { Out = Folder, Command = "Distiller", ToResume = Folder is null ? null : $"the same calls again, with SaveTo(\"{Folder}\")" });
        var watched = Logger is null ? progress : new LoggedProgress(Logger, progress);
        var isBegun = Folder is not null && File.Exists(Path.Combine(Folder, "recipe.yaml"));
        if (isBegun && Resumption.IsFinished(RunFolder.Existing(Folder!)))
            throw new DecantException($"{Path.GetFullPath(Folder!)} holds a run that is finished: nothing is overwritten. Give SaveTo another folder, or remove it.");
        var run = isBegun ? job.ResumeWith(Folder!, options, recipe, watched, cancellationToken) : job.Run(recipe, options, watched, cancellationToken);
        foreach (var (model, arm) in new[] { (StudentModel.Own, Arms.Student), (OfTeacher is null ? null : TeacherModel.Own, Arms.Teacher) })
        {
            if (model is not null)
                ModelFolder.LoadWeights(Path.Combine(run.Folder.Root, arm), model);
        }

        return new DistillationResult(run, StudentModel);
    }

    private Distiller With(IObjective one, Func<IObjective> make, double weight) => With(one.Needs == SignalKinds.None
        ? new OwnLabelObjective { Class = one.GetType().Name, Make = make, Weight = weight }
        : new OwnObjective { Class = one.GetType().Name, Make = make, Weight = weight, Features = one is IFeatureObjective });

    private TeacherSection Teacher()
    {
        TrainSection? train = null;
        if (OfTeacher is not null)
        {
            train = new TrainSection { Epochs = 1, Batch = StandardBatch, Optimizer = new AdamW { LearningRate = StandardRate } };
            OfTeacher(train);
            train = WithLength(train);
        }
        return new TeacherSection { Chat = TeacherModel.ToChat(), Embeddings = TeacherModel.ToEmbeddings(), Model = TeacherModel.ToOptions(isTrained: train is not null && TeacherModel.Folder is null), Load = TeacherModel.Folder, Gguf = TeacherModel.Gguf is { } gguf ? gguf with { File = Path.GetFullPath(gguf.File) } : null, Train = train };
    }

    /// <summary>Steps that are set take the place of the one epoch that is the default.</summary>
    private static T WithLength<T>(T options) where T : Decant.Training.TrainingOptions
    {
        if (options.Steps is not null && options.Epochs == 1)
            options.Epochs = null;
        return options;
    }

    private Decant.Runs.Recipes.Kinds.InputKind Kind() => (Text, Looked is { Count: > 0 } samples ? samples[0].Content : null) switch
    {
        (null, ImageContent) => Decant.Runs.Recipes.Kinds.InputKind.Image,
        (null, VectorContent) => Decant.Runs.Recipes.Kinds.InputKind.Vector,
        (null, null) when Data?.Train is IdxOptions or CifarOptions => Decant.Runs.Recipes.Kinds.InputKind.Image,
        _ => Decant.Runs.Recipes.Kinds.InputKind.Text,
    };

    private static ModelTask TaskOf(Dataset? samples) => samples?.LabelKind switch
    {
        Decant.Data.Labels.LabelKind.Tags => ModelTask.TokenClassification,
        Decant.Data.Labels.LabelKind.Numbers or Decant.Data.Labels.LabelKind.Grades => ModelTask.Regression,
        Decant.Data.Labels.LabelKind.LabelSet => ModelTask.MultiLabel,
        _ => ModelTask.Classification,
    };

    private static OwnSource Own(Dataset samples) => new() { Name = samples.Name, Samples = samples };
}
