using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Export.Adapters;
using Decant.Export.Loading;
using Decant.Export.Safetensors;
using Decant.Export.Sentences;
using Decant.Export.Tables;
using Decant.Files;
using Decant.Models;
using Decant.Models.Configuration;
using Decant.Modules;

namespace Decant.Export;

/// <summary>
/// A model as a folder in Hugging Face's layout: <c>config.json</c> and <c>model.safetensors</c>. A tokenizer's files lie beside them, written by
/// others.
/// </summary>
public static class ModelFolder
{
    /// <summary>The name of the settings.</summary>
    public const string ConfigName = "config.json";

    /// <summary>The name of the weights.</summary>
    public const string WeightsName = SafetensorsShards.WeightsName;

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether a folder is a model's, or that of an adapter for one.</summary>
    internal static bool IsOne(string folder) => File.Exists(Path.Combine(folder, ConfigName)) || AdapterConfig.IsIn(folder);

    /// <summary>Writes a model, and <c>generation_config.json</c> with the tokens that end texts if it continues texts, <c>modules.json</c> with the pooling if it is an encoder that makes vectors. The folder is made if it is not there; files of these names are replaced, each as a whole.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="model">The model; equal weights give equal bytes.</param>
    /// <param name="maxShardBytes">The most bytes of tensors in one file; more are written as several files and an index. Null: one file.</param>
    /// <exception cref="DecantException">The model is a user's own and of no known family, or the folder cannot be written.</exception>
    public static void Save(string folder, Model model, long? maxShardBytes = null) => Save(folder, model, maxShardBytes, config => config);

    /// <summary>The same with settings that are changed as they are written.</summary>
    internal static void Save(string folder, Model model, long? maxShardBytes, Func<ModelConfig, ModelConfig> settings)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(model);
        var config = (model as IConfigured)?.Config ?? throw new DecantException(
            $"A {model.GetType().Name} cannot be saved as a folder: it is of no family that a config.json can name. " +
            $"Save its weights with {nameof(SafetensorsWriter)}.");
        config = settings(config);
        Create(folder);
        var json = config.ToJson().ToJsonString(s_json) + "\n";
        SafetensorsShards.Write(folder, model.StateDict(), maxShardBytes ?? long.MaxValue);
        AtomicFile.Write(Path.Combine(folder, ConfigName), Encoding.UTF8.GetBytes(json));
        TableFolder.WriteModules(folder, config);
        if (config is ICausalConfig ends)
            GenerationConfig.Write(folder, ends);
        SentenceModulesFile.Write(folder, config);
    }

    /// <summary>
    /// Builds the model that a folder holds, in evaluation mode: <c>config.json</c>, and weights in safetensors or in PyTorch's format, whole or in shards.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="newHead">Whether a head that the weights lack is drawn; false: that is a fault.</param>
    /// <exception cref="DecantException">A file is missing or damaged, or the weights do not fit the settings: the message names the
    /// file.</exception>
    public static Model Load(string folder, bool newHead = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var config = ReadConfig(folder);
        using var weights = Weights.Open(folder);
        var model = Build(folder, config, weights, newHead);
        try
        {
            Copy(folder, weights, model, newHead);
            model.Eval();
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The settings that a folder holds; of a model that continues texts, with the ends of texts that <c>generation_config.json</c> names, where it is there.</summary>
    /// <exception cref="DecantException">The file is missing, is no JSON, or its settings are wrong.</exception>
    internal static ModelConfig ReadConfig(string folder)
    {
        folder = BaseFolder.With(folder, ConfigName);
        var path = Path.Combine(folder, ConfigName);
        try
        {
            PlaceholderFile.Refuse(path);
            var json = JsonContent.Node(path) as JsonObject ?? throw new DecantException("It is no JSON object.");
            return GenerationConfig.Apply(folder, SentenceModules.Apply(folder, ModelFamilies.Read(TableSettings.Complete(folder, json))));
        }
        catch (DecantException error) when (!error.Message.StartsWith(folder, StringComparison.Ordinal))
        {
            throw new DecantException($"{path}: {error.Message}", error.ExitCode, error);
        }
        catch (JsonException error)
        {
            throw new DecantException($"{path} is no valid JSON: {error.Message}", inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DecantException($"{path} cannot be read: {error.Message} Expected a folder with {ConfigName} and {WeightsName}.", inner: error);
        }
    }

    /// <summary>Copies the weights of a file or folder, of any format that <see cref="Weights"/> reads, into a module.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="module">The model.</param>
    /// <param name="newHead">Whether a head that the file lacks keeps the values it was drawn with; false: that is a fault.</param>
    /// <returns>By what rule names were matched, what was left out, what is new.</returns>
    /// <exception cref="DecantException">The file is missing or damaged, or its weights do not fit: the message names the file and all names and
    /// shapes at fault.</exception>
    internal static LoadedWeights LoadWeights(string path, Module module, bool newHead = false)
    {
        ArgumentNullException.ThrowIfNull(module);
        using var weights = Weights.Open(path);
        return Copy(path, weights, module, newHead);
    }

    /// <summary>Refuses weights that do not fit a model by their names, shapes and types: what <see cref="LoadWeights"/> would refuse, and nothing is read or copied.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="model">The model, which may have no memory.</param>
    /// <param name="newHead">Whether a head that the file lacks is allowed.</param>
    internal static void CheckFits(string path, Module model, bool newHead)
    {
        using var weights = Weights.Open(path);
        CheckFits(path, weights, model, newHead);
    }

    /// <summary>The model that settings say, its weights drawn with a generator of its own, once the folder's weights are known to fit its shapes.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="config">The settings, as <see cref="ReadConfig"/> gives them or changed.</param>
    /// <param name="weights">The weights that it will be given.</param>
    /// <param name="newHead">Whether a head that they lack is allowed.</param>
    internal static Model Build(string folder, ModelConfig config, Weights weights, bool newHead)
    {
        // Of its own, so that loading a model does not move the generator that a run draws from.
        using var generator = new Decant.Torch.Generator(0);
        return Build(folder, config, weights, newHead, generator);
    }

    /// <summary>The same with a generator: null is libtorch's own.</summary>
    internal static Model Build(string folder, ModelConfig config, Weights weights, bool newHead, Decant.Torch.Generator? generator)
    {
        try
        {
            return config.Build(generator, shapes => CheckFits(folder, weights, shapes, newHead));
        }
        catch (Exception error) when (error is TorchException || (error is DecantException fault && !fault.Message.StartsWith(folder, StringComparison.Ordinal)))
        {
            throw new DecantException($"{Path.Combine(folder, ConfigName)}: {error.Message}", (error as DecantException)?.ExitCode ?? ExitCodes.BadInput, error);
        }
    }

    private static void CheckFits(string path, Weights weights, Module model, bool newHead) => Named(path, weights, () =>
    {
        WeightLoading.CheckFits(weights, model, newHead);
        return model;
    });

    private static LoadedWeights Copy(string path, Weights weights, Module module, bool newHead) => Named(path, weights, () => weights.LoadInto(module, newHead));

    private static T Named<T>(string path, Weights weights, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DecantException error)
        {
            throw new DecantException($"{(weights.Files.Count == 1 ? weights.Files[0] : path)}: {error.Message}", error.ExitCode, error);
        }
    }

    private static void Create(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"The folder {folder} cannot be made: {error.Message}", ExitCodes.Machine, error);
        }
    }
}
