using Decant.Inference;
using Decant.Inference.Folders;
using Decant.Serving.Protocol;

namespace Decant.Serving.Models;

/// <summary>The models of a server, by their names.</summary>
internal sealed class ServedModels : IDisposable
{
    private readonly List<ServedModel> _models = [];

    /// <summary>All of them, in the order in which they were named.</summary>
    public IReadOnlyList<ServedModel> All => _models;

    /// <summary>Opens folders.</summary>
    /// <param name="folders">Names and folders.</param>
    /// <param name="options">Null: the default ones.</param>
    /// <exception cref="DecantException">There is none, two have one name, or one cannot be opened.</exception>
    public static ServedModels Open(IReadOnlyList<(string Name, string Folder)> folders, InferenceOptions? options = null)
    {
        if (folders.Count == 0)
            throw new DecantException("Expected one model or more to serve, came none. Name the folders that 'decant export … --to onnx' wrote.");
        if (folders.GroupBy(f => f.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1 || string.IsNullOrWhiteSpace(same.Key)) is { } wrong)
            throw new DecantException($"The name '{wrong.Key}' is that of {wrong.Count()} models; expected one of its own for each. Name them with --name, once for each model.");
        var models = new ServedModels();
        try
        {
            foreach (var (name, folder) in folders)
                models._models.Add(Open(name, folder, options));
            return models;
        }
        catch
        {
            models.Dispose();
            throw;
        }
    }

    /// <summary>The model of a request.</summary>
    /// <param name="name">Its name; null: the request does not say, which is fine where there is one.</param>
    /// <param name="purpose">What for.</param>
    /// <exception cref="ApiException">There is none of this name, or it is of another kind.</exception>
    public T Find<T>(string? name, string purpose)
        where T : ServedModel
    {
        if (name is null && _models.Count != 1)
            throw new ApiException(400, "model: expected the name of a model, came none. GET /v1/models has the names.", "model", "missing_parameter");
        var model = name is null ? _models[0] : Find(name);
        return model as T ?? throw new ApiException(400, $"The model '{model.Name}' is one for {model.Task} and does not serve {purpose}.", "model", "wrong_model");
    }

    /// <summary>A model by its name.</summary>
    /// <exception cref="ApiException">There is none: 404.</exception>
    public ServedModel Find(string name) => _models.Find(model => model.Name == name)
        ?? throw new ApiException(404, $"There is no model '{(name.Length <= 100 ? name : name[..100] + "…")}'. GET /v1/models has the names.", "model", "model_not_found");

    public void Dispose() => _models.ForEach(model => model.Dispose());

    private static ServedModel Open(string name, string folder, InferenceOptions? options)
    {
        ExportedFolder.Require(folder);
        Func<ServedModel> classifier = () => new ClassifierModel(name, TextClassifier.Load(folder, options)), labeler = () => new LabelerModel(name, TextLabeler.Load(folder, options));
        Func<ServedModel> scorer = () => new ScorerModel(name, TextPairScorer.Load(folder, options)), tagger = () => new TaggerModel(name, TokenTagger.Load(folder, options));
        Func<ServedModel> embedder = () => new EmbedderModel(name, SentenceEmbedder.Load(folder, options)), generator = () => new GeneratorModel(name, TextGenerator.Load(folder, options));
        return ExportedConfig.Read(folder).Task switch
        {
            ArchitectureTask.Classification => classifier(),
            ArchitectureTask.MultiLabel => labeler(),
            ArchitectureTask.Regression => scorer(),
            ArchitectureTask.TokenClassification => tagger(),
            ArchitectureTask.Embedding => embedder(),
            ArchitectureTask.CausalLanguageModel => generator(),
            null => First([classifier, labeler, scorer, tagger, embedder, generator]),
            var other => throw new DecantException($"{folder}: a model for {other} is not served; expected one that classifies, labels, tags, scores, embeds or continues texts. 'decant predict' runs it."),
        };
    }

    // Settings that name no architecture of a task: the ONNX file says what it is of.
    private static ServedModel First(IReadOnlyList<Func<ServedModel>> ways)
    {
        DecantException? first = null;
        foreach (var open in ways)
        {
            try
            {
                return open();
            }
            catch (DecantException fault)
            {
                first ??= fault;
            }
        }

        throw first!;
    }
}
