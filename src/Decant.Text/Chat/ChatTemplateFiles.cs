using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Files;

namespace Decant.Text.Chat;

/// <summary>The chat templates of a model's folder as they stand there, and the special tokens that they name.</summary>
/// <param name="Main">The one that is used where none is named; null: there is none.</param>
/// <param name="Named">Further ones by their names.</param>
/// <param name="SpecialTokens">The texts of <c>bos_token</c>, <c>eos_token</c>, … by their keys.</param>
internal sealed record ChatTemplateFiles(string? Main, IReadOnlyDictionary<string, string> Named, IReadOnlyDictionary<string, string> SpecialTokens)
{
    private const string Default = "default";
    private const string Key = "chat_template";
    private const string Further = "additional_chat_templates";
    private const string Settings = "tokenizer_config.json";
    private const int MostBytes = 4 << 20;

    private static readonly string[] s_tokens = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    /// <summary>Those of a folder: <c>chat_template.jinja</c> before what <c>tokenizer_config.json</c> says, and <c>additional_chat_templates/NAME.jinja</c>.</summary>
    /// <exception cref="DecantException">A file cannot be read, or the setting is neither a text nor a list of templates with names.</exception>
    public static ChatTemplateFiles Of(string folder)
    {
        var (file, settings) = (Path.Combine(folder, Settings), Json(Path.Combine(folder, Settings)));
        var named = OfSettings(file, settings?[Key]);
        if (Read(Path.Combine(folder, "chat_template.jinja")) is { } main)
            named[Default] = main;
        var further = Path.Combine(folder, Further);
        foreach (var other in Directory.Exists(further) ? Directory.EnumerateFiles(further, "*.jinja") : [])
            named[Path.GetFileNameWithoutExtension(other)] = Read(other)!;
        named.Remove(Default, out var template);
        return new(template, named, Tokens(settings, Json(Path.Combine(folder, "special_tokens_map.json"))));
    }

    private static Dictionary<string, string> OfSettings(string file, JsonNode? setting)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        var fault = new DecantException($"{file}: {Key}: expected a text, or a list of objects with 'name' and 'template'. Mend it, or take the key out.");
        try
        {
            if (setting?.GetValueKind() == JsonValueKind.String)
                named[Default] = setting.GetValue<string>();
            else
                foreach (var one in setting?.AsArray() ?? [])
                    named[one!["name"]!.GetValue<string>()] = one["template"]!.GetValue<string>();
        }
        catch (Exception error) when (error is InvalidOperationException or NullReferenceException)
        {
            throw fault;
        }

        return named;
    }

    private static Dictionary<string, string> Tokens(params ReadOnlySpan<JsonObject?> files)
    {
        var tokens = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files)
            foreach (var key in s_tokens)
                if ((file?[key] is JsonObject token ? token["content"] : file?[key]) is JsonValue text && text.TryGetValue<string>(out var content))
                    tokens.TryAdd(key, content);
        return tokens;
    }

    private static JsonObject? Json(string file)
    {
        try
        {
            return File.Exists(file) ? JsonContent.Node(file) as JsonObject ?? throw new DecantException($"{file}: expected a JSON object. Mend it, or take the file out.") : null;
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw new DecantException($"{file} is no valid JSON: {error.Message}", inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{file} cannot be read: {error.Message}", inner: error);
        }
    }

    /// <summary>The template in a file; null: the file is not there.</summary>
    /// <exception cref="DecantException">It cannot be read, or is longer than templates are.</exception>
    public static string? Read(string file)
    {
        try
        {
            return File.Exists(file) ? new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(RegularFile.Bytes(file, MostBytes)).TrimStart('\ufeff') : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new DecantException($"{file} cannot be read: {error.Message}", inner: error);
        }
    }
}
