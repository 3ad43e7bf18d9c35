using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Files;

namespace Decant.Export.Adapters;

/// <summary>What an <c>adapter_config.json</c> in PEFT's layout says that changes what is computed.</summary>
/// <param name="Base">The folder or the name of the model that the adapter is for; null: it is not named.</param>
/// <param name="Rank">r.</param>
/// <param name="Alpha">α.</param>
/// <param name="IsRankStabilized">Whether the scale is α/√r instead of α/r.</param>
/// <param name="IsTransposed">Whether weights are stored as [in, out].</param>
/// <param name="Task">The kind of model, as <c>SEQ_CLS</c>; null: it is not named.</param>
internal sealed record AdapterConfig(string? Base, int Rank, double Alpha, bool IsRankStabilized, bool IsTransposed, string? Task)
{
    /// <summary>The name of the settings in an adapter's folder.</summary>
    public const string FileName = "adapter_config.json";

    /// <summary>The name of the weights in an adapter's folder.</summary>
    public const string WeightsName = "adapter_model.safetensors";

    private const string NextStep = "Merge the adapter with the program that wrote it, and load the merged model.";

    // What says how the adapter came about, or for which layers: the file of weights has what there is.
    private static readonly HashSet<string> s_described =
    [
        "auto_mapping", "base_model_name_or_path", "revision", "inference_mode", "task_type", "peft_type", "peft_version", "lora_dropout", "target_modules", "exclude_modules",
        "modules_to_save", "layers_to_transform", "layers_pattern", "r", "lora_alpha", "use_rslora", "fan_in_fan_out", "bias", "init_lora_weights", "megatron_core", "qalora_group_size",
    ];

    /// <summary>s.</summary>
    public double Scale => Alpha / (IsRankStabilized ? Math.Sqrt(Rank) : Rank);

    /// <summary>Whether a folder is an adapter's, and not a model's.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>Reads a folder's settings.</summary>
    /// <exception cref="DecantException">They are damaged, or ask for something that is not served: its name.</exception>
    public static AdapterConfig Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            PlaceholderFile.Refuse(path);
            return Parse(JsonContent.Node(path) as JsonObject ?? throw new DecantException("It is no JSON object."));
        }
        catch (DecantException error) when (!error.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new DecantException($"{path}: {error.Message}", error.ExitCode, error);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new DecantException($"{path} is no valid adapter_config.json: {error.Message}", inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{path} cannot be read: {error.Message}", inner: error);
        }
    }

    private static AdapterConfig Parse(JsonObject json)
    {
        var faults = Faults(json).ToArray();
        return faults.Length > 0
            ? throw new DecantException($"{string.Join("; ", faults)}. {NextStep}")
            : new AdapterConfig(Text(json, "base_model_name_or_path"), Number<int>(json, "r"), Number<double>(json, "lora_alpha"), Flag(json, "use_rslora"), Flag(json, "fan_in_fan_out"), Text(json, "task_type"));
    }

    private static IEnumerable<string> Faults(JsonObject json)
    {
        if (Text(json, "peft_type") is var type && type != "LORA")
            yield return $"expected 'peft_type' LORA, came '{type}'";
        if (Text(json, "bias") is { } bias && bias != "none")
            yield return $"'bias' is '{bias}', and trained biases are not served ('none' is)";
        if (json["init_lora_weights"] is JsonValue start && start.GetValueKind() == JsonValueKind.String && start.GetValue<string>() is not ("gaussian" or "eva" or "orthogonal"))
            yield return $"'init_lora_weights' is '{start}', which changes the weights of the base ('true' and 'gaussian' do not)";
        if (json["r"] is null || Number<int>(json, "r") is not (>= 1 and <= 1 << 16) || json["lora_alpha"] is null || !double.IsFinite(Number<double>(json, "lora_alpha")))
            yield return "expected 'r' from 1 to 65536 and 'lora_alpha', numbers";
        foreach (var (key, value) in json)
        {
            if (!s_described.Contains(key) && !IsNothing(value))
                yield return $"'{key}' is {Shown(value!)}, which is not served";
        }
    }

    private static bool IsNothing(JsonNode? value) => value switch
    {
        null or JsonObject { Count: 0 } or JsonArray { Count: 0 } => true,
        JsonValue one => one.GetValueKind() is JsonValueKind.False,
        _ => false,
    };

    private static string Shown(JsonNode value) => value.ToJsonString() is var text && text.Length > 60 ? text[..60] + "…" : text;

    private static string? Text(JsonObject json, string key) => json[key] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static bool Flag(JsonObject json, string key) => json[key]?.GetValue<bool>() ?? false;

    private static T Number<T>(JsonObject json, string key) => json[key]!.GetValue<T>();
}
