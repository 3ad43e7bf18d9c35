using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Files;
using Decant.Models.Configuration;
using Decant.Models.Encoders;

namespace Decant.Export.Sentences;

/// <summary>
/// What a folder of sentence-transformers says beside <c>config.json</c> about how states become one vector: <c>modules.json</c> lists a transformer, a pooling with settings of
/// its own, and perhaps a division by the length.
/// </summary>
internal static class SentenceModules
{
    internal const string ListName = "modules.json";
    internal const string PoolingFolder = "1_Pooling";
    private const string ConfigName = "config.json";
    private const string PromptsName = "config_sentence_transformers.json";

    /// <summary>The settings of an embedding with the pooling and the normalization of its folder; others, and folders without a list of modules, stay as they are.</summary>
    /// <exception cref="DecantException">A module or way of pooling that is not served, or settings that contradict each other; the message names the file.</exception>
    public static ModelConfig Apply(string folder, ModelConfig config)
    {
        var path = Path.Combine(folder, ListName);
        if (config is not EncoderConfig { Task: ModelTask.Embedding } encoder || !System.IO.Path.Exists(path))
            return config;
        var modules = Read<JsonArray>(path).Select(m => new Module(KindOf(m, path), m!["path"]?.ToString() ?? "")).ToArray();
        if (modules is not [{ Kind: "Transformer", Path: "" }, { Kind: "Pooling" }, ..] || modules.Skip(2).Any(m => m.Kind != "Normalize") || modules.Length > 3)
        {
            throw new DecantException(
                $"{path}: the modules are {(modules.Length == 0 ? "none" : "")}{string.Join(", ", modules.Select(m => m.Path.Length > 0 ? $"{m.Kind} in '{m.Path}'" : m.Kind))}; a Transformer in this folder, a Pooling and perhaps a Normalize are served. " +
                "A vector without the others would be another one; load a model without them.");
        }

        if (!LiesInside(modules[1].Path))
            throw new DecantException($"{path}: the path of its Pooling is '{modules[1].Path}', which leads out of the folder; expected a folder in this one, such as {PoolingFolder}. Copy its settings there and name that.");
        CheckPrompt(Path.Combine(folder, PromptsName));
        var pooling = PoolingOf(Path.Combine(folder, modules[1].Path, ConfigName), encoder);
        if (encoder.Pooling is { } own && own != pooling)
            throw new DecantException($"{path}: its Pooling is {Lower(pooling)}, and {Path.Combine(folder, ConfigName)} says 'pooling: {Lower(own)}'; take one of the two out.");
        return encoder with { Pooling = pooling == EncoderPooling.Mean ? encoder.Pooling : pooling, Normalize = encoder.Normalize || modules.Length == 3 };
    }

    private static bool LiesInside(string path) => !Path.IsPathRooted(path) && !path.Split('/', '\\').Contains("..");

    // Prompts that a caller may choose are no part of the model; one that stands before every text is.
    private static void CheckPrompt(string path)
    {
        if (!File.Exists(path) || Read<JsonObject>(path) is not { } settings || settings["default_prompt_name"]?.ToString() is not { Length: > 0 } name)
            return;
        if ((settings["prompts"] as JsonObject)?[name]?.ToString() is not { Length: 0 })
            throw new DecantException($"{path}: the default prompt '{name}' stands before every text, which is not supported; expected default_prompt_name: null. Set it to null and write the prompt into the texts.");
    }

    private static EncoderPooling PoolingOf(string path, EncoderConfig encoder)
    {
        var settings = Read<JsonObject>(path);
        if (settings["word_embedding_dimension"] is JsonValue width && width.TryGetValue<int>(out var d) && d != encoder.Shape.Width)
            throw new DecantException($"{path}: word_embedding_dimension is {d}, and the model's states are {encoder.Shape.Width} wide; the files belong to two models.");
        string[] modes = settings["pooling_mode"] is { } named
            ? [named.ToString()]
            : [.. settings.Where(s => s.Key.StartsWith("pooling_mode_", StringComparison.Ordinal) && s.Value is JsonValue v && v.TryGetValue<bool>(out var on) && on).Select(s => s.Key["pooling_mode_".Length..])];
        return modes switch
        {
            ["cls_token" or "cls"] => EncoderPooling.First,
            ["mean_tokens" or "mean"] => EncoderPooling.Mean,
            ["max_tokens" or "max"] => EncoderPooling.Max,
            ["lasttoken"] => EncoderPooling.Last,
            [] => throw new DecantException($"{path}: no pooling_mode is on; expected pooling_mode_mean_tokens or pooling_mode_cls_token."),
            _ => throw new DecantException($"{path}: the vector is made by {string.Join(" and ", modes)}; mean_tokens, cls_token, max_tokens or lasttoken, one alone, are served."),
        };
    }

    // Such as sentence_transformers.models.Pooling; newer releases have more words between the dots.
    private static string KindOf(JsonNode? module, string path) => module is JsonObject && module["type"]?.ToString() is { Length: > 0 } type
        ? type[(type.LastIndexOf('.') + 1)..]
        : throw new DecantException($"{path}: expected a list of objects with a 'type' and a 'path', came {module?.ToJsonString() ?? "null"}.");

    private static T Read<T>(string path) where T : JsonNode
    {
        try
        {
            return JsonContent.Node(path) as T ?? throw new DecantException($"{path}: expected a JSON {(typeof(T) == typeof(JsonArray) ? "list" : "object")}.");
        }
        catch (JsonException error)
        {
            throw new DecantException($"{path} is no valid JSON: {error.Message}", inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{path} cannot be read: {error.Message} {ListName} names it.", inner: error);
        }
    }

    private static string Lower(EncoderPooling pooling) => $"{pooling}".ToLowerInvariant();

    private sealed record Module(string Kind, string Path);
}
