using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Export.Safetensors;
using Decant.Files;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Modules.Adapters;
using Decant.Torch;

namespace Decant.Export.Adapters;

/// <summary>An adapter as a folder in the layout of PEFT: <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</summary>
internal static class AdapterFolder
{
    /// <summary>What the names of all tensors begin with.</summary>
    public const string Prefix = "base_model.model.";

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the adapter of a model. The folder is made if it is not there.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="model">The model; its <see cref="Model.Adapter"/> is written.</param>
    /// <param name="options">What the adapter was made with.</param>
    /// <param name="ofBase">The folder of the model that it is for; null: it is kept nowhere.</param>
    public static void Save(string folder, Model model, LoraOptions options, string? ofBase)
    {
        var adapter = model.Adapter ?? throw new ArgumentException("The model has no adapter.", nameof(model));
        Directory.CreateDirectory(folder);
        SafetensorsWriter.Write(Path.Combine(folder, AdapterConfig.WeightsName), adapter.State.ToDictionary(s => Prefix + s.Key, s => s.Value));
        AtomicFile.Write(Path.Combine(folder, AdapterConfig.FileName), Encoding.UTF8.GetBytes(Settings(model, adapter, options, ofBase).ToJsonString(s_json) + "\n"));
    }

    /// <summary>Gives a model with an adapter the state that was kept of one.</summary>
    /// <param name="file">A file that has <see cref="Model.LearnedState"/>.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="DecantException">The file is damaged, or of another adapter.</exception>
    public static void LoadState(string file, Model model)
    {
        using var stored = SafetensorsFile.Open(file);
        using var scope = TensorScope.Open();
        try
        {
            model.LoadLearnedState(stored.Entries.Keys.ToDictionary(name => name, stored.Read, StringComparer.Ordinal));
        }
        catch (DecantException error)
        {
            throw new DecantException($"{file}: {error.Message}", error.ExitCode, error);
        }
    }

    /// <summary>Copies what tells the model from others, such as settings and the tokenizer, from a model's folder beside its adapter, so that the adapter alone can be loaded.</summary>
    /// <param name="from">The model's folder.</param>
    /// <param name="to">The adapter's.</param>
    public static void Accompany(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from).Where(f => !Path.GetFileName(f).StartsWith("model", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
    }

    private static JsonObject Settings(Model model, ModelAdapter adapter, LoraOptions options, string? ofBase) => new()
    {
        ["base_model_name_or_path"] = ofBase,
        ["bias"] = "none",
        ["fan_in_fan_out"] = adapter.Layers.Any(l => l.Layer.IsTransposed),
        ["inference_mode"] = true,
        ["init_lora_weights"] = true,
        ["lora_alpha"] = Number(options.ScaleNumerator),
        ["lora_dropout"] = options.Dropout,
        ["modules_to_save"] = adapter.Whole.Count == 0 ? null : List(AdapterTargets.Names(model, adapter.Whole)),
        ["peft_type"] = "LORA",
        ["r"] = options.Rank,
        ["target_modules"] = List(AdapterTargets.Names(model, adapter.Layers.Select(l => l.Path))),
        ["task_type"] = TaskOf(model),
        ["use_dora"] = false,
        ["use_rslora"] = options.RankStabilized,
    };

    private static JsonNode Number(double value) => value == Math.Floor(value) && Math.Abs(value) < int.MaxValue ? (int)value : value;

    private static JsonArray List(IEnumerable<string> names) => [.. names.Select(n => (JsonNode)n)];

    private static string? TaskOf(Model model) => (model as IConfigured)?.Config.Task switch
    {
        ModelTask.CausalLanguageModel => "CAUSAL_LM",
        ModelTask.Classification or ModelTask.MultiLabel or ModelTask.Regression => "SEQ_CLS",
        ModelTask.TokenClassification => "TOKEN_CLS",
        ModelTask.Embedding => "FEATURE_EXTRACTION",
        _ => null,
    };
}
