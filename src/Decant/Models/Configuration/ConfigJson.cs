using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Decant.Models.Configuration;

/// <summary>Models' settings to <c>config.json</c> and back. Keys that are not known are left alone: published files have many.</summary>
internal static class ConfigJson
{
    private const int MostLabels = 1_000_000;

    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        IgnoreReadOnlyProperties = true,
        Converters = { new ActivationConverter(), new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>The settings as a JSON object, keys in order.</summary>
    public static JsonObject Write(ModelConfig config)
    {
        var json = JsonSerializer.SerializeToNode(config, config.GetType(), s_options)!.AsObject();
        json["model_type"] = config.ModelType;
        json["architectures"] = new JsonArray(config.Architecture);
        if (config.Task.HasClasses())
        {
            json["num_labels"] = config.Classes;
            json["label2id"] = new JsonObject(config.ClassNames.Select((name, id) => KeyValuePair.Create(name, (JsonNode?)id)));
        }
        else
        {
            json.Remove("id2label");
        }

        if (config.Task.ProblemType(config.Classes) is { } problem)
            json["problem_type"] = problem;
        var sorted = new JsonObject();
        foreach (var (key, value) in json.OrderBy(p => p.Key, StringComparer.Ordinal))
            sorted[key] = value?.DeepClone();
        return sorted;
    }

    /// <summary>The settings of a JSON object.</summary>
    /// <param name="json">What the file says.</param>
    /// <param name="standard">The task where the file names no architecture.</param>
    /// <exception cref="DecantException">A setting is missing or of the wrong type; the caller adds the file's name.</exception>
    public static T Read<T>(JsonObject json, ModelTask standard) where T : ModelConfig
    {
        // Null is left out, and the published default holds, unless null means something of its own: no window, no scaling.
        var meaningful = MayBeNull(typeof(T));
        var copy = new JsonObject(json.Where(p => p.Value is not null || meaningful.Contains(p.Key)).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
        var task = ModelTasks.Of(json) ?? standard;
        try
        {
            if (!task.HasClasses())
                copy.Remove("id2label");
            else if (copy["id2label"] is null)
                copy["id2label"] = DefaultLabels(copy);
            var config = copy.Deserialize<T>(s_options)! with { Task = task };
            if (task.HasClasses() && (copy["num_labels"] ?? copy["_num_labels"])?.Deserialize<long>() is { } count && count != config.Classes)
                throw new DecantException($"num_labels is {count}, but id2label names {config.Classes} classes. Correct one of them.");
            return config;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new DecantException($"The settings of a {json["model_type"]} model cannot be read: {Where(error)}{error.Message}", inner: error);
        }
    }

    // A converter's message does not say which key it read; those of the library itself do.
    private static string Where(Exception error) =>
        error is JsonException { Path: { } path } && !error.Message.Contains(path, StringComparison.Ordinal) ? $"{path}: " : "";

    private static HashSet<string> MayBeNull(Type config)
    {
        var context = new NullabilityInfoContext();
        return [.. config.GetProperties().Where(p => context.Create(p).WriteState == NullabilityState.Nullable).Select(NameOf)];
    }

    private static string NameOf(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);

    // Hugging Face's own default is two classes.
    private static JsonObject DefaultLabels(JsonObject json)
    {
        var count = (json["num_labels"] ?? json["_num_labels"])?.Deserialize<long>() ?? 2;
        if (count is < 0 or > MostLabels)
            throw new DecantException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"num_labels is {count}, and no id2label names them; from 1 to {MostLabels:N0} classes are named by themselves. Correct num_labels."));
        return new JsonObject(ModelContext.DefaultNames((int)count).Select((n, i) =>
            KeyValuePair.Create(i.ToString(System.Globalization.CultureInfo.InvariantCulture), (JsonNode?)n)));
    }
}
