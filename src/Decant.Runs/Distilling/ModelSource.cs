using Decant.Export;
using Decant.Hub;
using Decant.LLama;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Torch;
using Microsoft.Extensions.AI;

namespace Decant.Runs.Distilling;

/// <summary>A model for <see cref="Distiller"/>: one that a program has, the folder of one, or the options of a family. Each of them converts by itself.</summary>
public sealed class ModelSource
{
    private ModelSource()
    {
    }

    /// <summary>A model that a program has.</summary>
    internal Model? Own { get; private init; }

    /// <summary>The folder of a model.</summary>
    internal string? Folder { get; private init; }

    /// <summary>The address that names the very files of <see cref="Folder"/>, where they were fetched.</summary>
    internal string? Exact { get; private init; }

    /// <summary>The architecture, with weights to be drawn.</summary>
    internal ModelOptions? Options { get; private init; }

    /// <summary>A chat model, which is asked about every sample before the run.</summary>
    internal (IChatClient Client, ChatTeacherOptions Options)? Chat { get; private init; }

    internal (IEmbeddingGenerator<string, Embedding<float>> Generator, EmbeddingTeacherOptions Options)? Vectors { get; private init; }

    /// <summary>A GGUF file.</summary>
    internal GgufTeacherOptions? Gguf { get; private init; }

    /// <summary>Makes a model; each call gives another one.</summary>
    internal Func<Model>? Make { get; private init; }

    /// <summary>A model that a program has, of Decant's classes or of its own. It stays the program's.</summary>
    /// <param name="model">As a teacher: frozen, and not changed unless it is trained. As a student: where training begins; it has the student's weights afterwards.</param>
    public static ModelSource Of(Model model) => new() { Own = model ?? throw new ArgumentNullException(nameof(model)) };

    /// <summary>A folder of a model: <c>config.json</c> and weights; or a model of Hugging Face's hub, which is fetched when the run starts.</summary>
    /// <param name="folder">The folder; or <c>hf:ORG/NAME</c>, <c>hf:ORG/NAME@REVISION</c>.</param>
    public static ModelSource Of(string folder) => new() { Folder = folder ?? throw new ArgumentNullException(nameof(folder)) };

    /// <summary>A model of a family, with weights drawn from the seed of the run.</summary>
    /// <param name="options">The options of the family, such as those of <c>textcnn</c>.</param>
    public static ModelSource Of(ModelOptions options) => new() { Options = options ?? throw new ArgumentNullException(nameof(options)) };

    /// <summary>A function that makes the model, with weights drawn from libtorch's generator, which is started from the seed of the run.</summary>
    /// <param name="make">Called for each model that is needed, such as student and control.</param>
    public static ModelSource Of(Func<Model> make) => new() { Make = make ?? throw new ArgumentNullException(nameof(make)) };

    /// <summary>A teacher of classes, tags of words, scores or texts: any chat model of Microsoft.Extensions.AI, asked by a prompt about all samples before the student learns. Not for students.</summary>
    /// <param name="client">The model, with the decorators that it is to have (budget, retry, rate limit); it stays the program's.</param>
    /// <param name="options">What it is asked, and where its answers are kept.</param>
    public static ModelSource Of(IChatClient client, ChatTeacherOptions options) =>
        new() { Chat = (client ?? throw new ArgumentNullException(nameof(client)), options ?? throw new ArgumentNullException(nameof(options))) };

    /// <summary>A teacher of sentence vectors: whatever makes embeddings of texts by Microsoft.Extensions.AI, asked about all texts before the student learns. Not for students.</summary>
    /// <param name="generator">The model, with the decorators that it is to have (budget, retry, rate limit); it stays the program's.</param>
    /// <param name="options">Where its vectors are kept.</param>
    public static ModelSource Of(IEmbeddingGenerator<string, Embedding<float>> generator, EmbeddingTeacherOptions options) =>
        new() { Vectors = (generator ?? throw new ArgumentNullException(nameof(generator)), options ?? throw new ArgumentNullException(nameof(options))) };

    /// <summary>A teacher of language models or sentence vectors: a GGUF file, computed by llama.cpp. Its tokenizer is read with unless another is given. Not for students.</summary>
    /// <param name="gguf">The file, and how it is computed.</param>
    public static ModelSource Of(GgufTeacherOptions gguf) => new() { Gguf = gguf ?? throw new ArgumentNullException(nameof(gguf)) };

    /// <summary>As <see cref="Of(Model)"/>.</summary>
    /// <param name="model">The model.</param>
    public static implicit operator ModelSource(Model model) => Of(model);

    /// <summary>As <see cref="Of(string)"/>.</summary>
    /// <param name="folder">The folder, or the address of a model.</param>
    public static implicit operator ModelSource(string folder) => Of(folder);

    /// <summary>As <see cref="Of(ModelOptions)"/>.</summary>
    /// <param name="options">The options.</param>
    public static implicit operator ModelSource(ModelOptions options) => Of(options);

    /// <summary>As <see cref="Of(GgufTeacherOptions)"/>.</summary>
    /// <param name="gguf">The file, and how it is computed.</param>
    public static implicit operator ModelSource(GgufTeacherOptions gguf) => Of(gguf);

    /// <summary>The same with the folder that a model was fetched to in the place of its address.</summary>
    /// <exception cref="DecantException">It is no address, or could not be fetched.</exception>
    internal ModelSource Fetched(ModelFetching fetching, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        if (Folder is null || !ModelAddress.IsOne(Folder))
            return this;
        var model = FetchedModels.Fetch(fetching, Folder, FetchPurpose.Model, progress, cancellationToken);
        return new() { Folder = model.Folder, Exact = model.Exact };
    }

    /// <summary>The model as a recipe has it.</summary>
    /// <param name="isTrained">A model that is trained is copied for every arm and seed, so that all begin alike; another is taken as it is.</param>
    internal ModelOptions? ToOptions(bool isTrained) => this switch
    {
        { Options: { } options } => options,
        { Own: { } model } when !isTrained => new OwnModel { Class = model.GetType().Name, Make = _ => model, Given = model, IsLent = true },
        { Own: { } model } => new OwnModel { Class = model.GetType().Name, Make = _ => ModuleCopy.Of(model), Given = model },
        { Make: { } make } => new OwnModel { Class = NameOf(make), Make = _ => make() },
        { Folder: { } folder } when isTrained => new OwnModel { Class = Exact ?? Path.GetFullPath(folder), Make = _ => ModelFolder.Load(folder) },
        _ => null,
    };

    /// <summary>A chat model as a recipe has it; null: it is none.</summary>
    internal ChatSection? ToChat() => Chat is not (_, { } options) ? null : new()
    {
        Endpoint = ChatAccess.OwnClient,
        Model = options.Model,
        Answers = Path.GetFullPath(options.Answers),
        Terms = options.Terms,
        Ask = options.Ask,
        Extract = options.Extract,
        Score = options.Score,
        Rank = options.Rank,
        Write = options.Write,
        Calibrate = options.Calibrate,
        Limit = new() { Concurrency = options.Concurrency },
    };

    /// <summary>What makes vectors, as a recipe has it; null: it is none.</summary>
    internal EmbeddingsSection? ToEmbeddings() => Vectors is not (_, { } options) ? null : new()
    {
        Endpoint = ChatAccess.OwnClient,
        Model = options.Model,
        Answers = Path.GetFullPath(options.Answers),
        Terms = options.Terms,
        Dimensions = options.Dimensions,
        Batch = options.Batch,
        Limit = new() { Concurrency = options.Concurrency },
    };

    /// <summary>The class of what a function makes, found without memory for its weights.</summary>
    private static string NameOf(Func<Model> make)
    {
        using var shapes = ShapesOnly.Open();
        var model = make() ?? throw new DecantException("The function that makes a model gave null: it must give a new model each time.");
        if (!model.HasNoMemory && model.NamedParameters().Any())
            throw new DecantException($"The function that makes a {model.GetType().Name} gave a model that was there before: every arm and seed needs one of its own. Give the model itself instead of a function, or make a new one in it.");
        model.Dispose();
        return model.GetType().Name;
    }

    /// <summary>The trained model of a run.</summary>
    /// <param name="folder">Where the run left it.</param>
    internal Model Load(string folder)
    {
        if (Options is not null || File.Exists(Path.Combine(folder, ModelFolder.ConfigName)))
            return ModelFolder.Load(folder);
        var model = Own is { } own ? ModuleCopy.Of(own) : Make!();
        try
        {
            ModelFolder.LoadWeights(folder, model);
            model.Eval();
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
