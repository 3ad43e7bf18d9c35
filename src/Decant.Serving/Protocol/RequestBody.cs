using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Files;

namespace Decant.Serving.Protocol;

/// <summary>The JSON object of a request, read strictly: a member that nobody asked for is refused by name. Null counts as left out.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int LongestShown = 60;
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    private readonly JsonDocument _document;
    private readonly Dictionary<string, JsonElement> _members;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly string _prefix;

    private RequestBody(JsonDocument document, JsonElement root, string prefix)
    {
        (_document, _prefix) = (document, prefix);
        _members = root.EnumerateObject().ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
    }

    /// <summary>Reads a body.</summary>
    /// <exception cref="ApiException">It is no JSON object, or says a member twice.</exception>
    public static RequestBody Parse(ReadOnlyMemory<byte> bytes)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(bytes, s_options);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return new(document, document.RootElement, "");
            throw new ApiException(400, $"The body: expected a JSON object, came {Shown(document.RootElement)}.", null, "invalid_json");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            document?.Dispose();
            throw new ApiException(400, $"The body: expected a JSON object whose members stand once each, came what cannot be read: {Line(fault.Message)}", null, "invalid_json");
        }
        catch
        {
            document?.Dispose();
            throw;
        }
    }

    /// <summary>A text; null where it is left out.</summary>
    public string? Text(string name) => Find(name) is { } value ? TextOf(value, Full(name)) : null;

    /// <summary>A text or a list of texts, none of which may be blank; null where it is left out.</summary>
    public IReadOnlyList<string>? Texts(string name, int most, bool mayBeBlank = false)
    {
        if (Find(name) is not { } value)
            return null;
        var texts = value.ValueKind == JsonValueKind.Array ? List(value, name, most).Select(item => TextOf(item, Full(name))).ToArray() : [TextOf(value, Full(name))];
        var blank = mayBeBlank ? -1 : Array.FindIndex(texts, string.IsNullOrWhiteSpace);
        return blank < 0 ? texts : throw ApiException.Of(Full(name), "texts that are not blank", $"a blank one at {blank.ToString(CultureInfo.InvariantCulture)}");
    }

    /// <summary>A list of pairs of texts, <c>[[text, pair], …]</c>; null where it is left out.</summary>
    public IReadOnlyList<(string Text, string? Pair)>? Pairs(string name, int most) => Find(name) is not { } value ? null : List(value, name, most).Select(item =>
    {
        if (item.ValueKind != JsonValueKind.Array || item.GetArrayLength() != 2)
            throw ApiException.Of(Full(name), "pairs of texts, [[text, pair], …]", Shown(item));
        var (text, pair) = (TextOf(item[0], Full(name)), TextOf(item[1], Full(name)));
        return string.IsNullOrWhiteSpace(text) || string.IsNullOrWhiteSpace(pair) ? throw ApiException.Of(Full(name), "texts that are not blank", "a blank one") : (text, (string?)pair);
    }).ToArray();

    /// <summary>A whole number within a range; null where it is left out.</summary>
    public long? Whole(string name, long least, long most) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most ? number
        : throw ApiException.Of(Full(name), $"a whole number from {least.ToString(CultureInfo.InvariantCulture)} to {most.ToString(CultureInfo.InvariantCulture)}", Shown(value));

    /// <summary>A number within a range; null where it is left out.</summary>
    public double? Number(string name, double least, double most) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most ? number
        : throw ApiException.Of(Full(name), string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"), Shown(value));

    /// <summary>True or false; null where it is left out.</summary>
    public bool? Flag(string name) => Find(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw ApiException.Of(Full(name), "true or false", Shown(value));

    /// <summary>An object; null where it is left out. Its members are to be read like those of the body.</summary>
    public RequestBody? Object(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? Inside(value, Full(name) + ".") : throw ApiException.Of(Full(name), "an object", Shown(value));

    /// <summary>A list of objects, each read like the body; null where it is left out.</summary>
    public IReadOnlyList<RequestBody>? Objects(string name, int most)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is var length && (length < 1 || length > most))
            throw ApiException.Of(Full(name), $"a list of 1 to {most.ToString(CultureInfo.InvariantCulture)} objects", value.ValueKind == JsonValueKind.Array ? $"{value.GetArrayLength().ToString(CultureInfo.InvariantCulture)}" : Shown(value));
        return [.. value.EnumerateArray().Select((item, index) => item.ValueKind == JsonValueKind.Object
            ? Inside(item, $"{Full(name)}[{index.ToString(CultureInfo.InvariantCulture)}].") : throw ApiException.Of(Full(name), "a list of objects", Shown(item)))];
    }

    /// <summary>Any value; null where it is left out.</summary>
    public JsonNode? Json(string name)
    {
        if (Find(name) is not { } value)
            return null;
        try
        {
            var bytes = Encoding.UTF8.GetBytes(value.GetRawText());
            JsonContent.Require(bytes);
            return JsonNode.Parse(bytes, documentOptions: s_options);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            throw ApiException.Of(Full(name), "JSON", Line(fault.Message));
        }
    }

    /// <summary>A text, or a list of parts that are texts, which are joined; null where it is left out.</summary>
    public string? TextOrParts(string name)
    {
        if (Find(name) is not { ValueKind: JsonValueKind.Array })
            return Text(name);
        return string.Concat(Objects(name, 1024)!.Select(part =>
        {
            if (part.Text("type") != "text")
                throw ApiException.Of(part.NameOf("type"), "text, which is what these models read", "another kind of part");
            var text = part.Text("text") ?? throw ApiException.Of(part.NameOf("text"), "a text", "none");
            part.RefuseOthers();
            return text;
        }));
    }

    /// <summary>A member's name as messages have it.</summary>
    public string NameOf(string name) => Full(name);

    /// <summary>Refuses the members that were not asked for.</summary>
    /// <param name="unserved">Members that OpenAI's API has and this server does not serve; a null is no wish for them.</param>
    /// <exception cref="ApiException">There is one.</exception>
    public void RefuseOthers(params ReadOnlySpan<string> unserved)
    {
        foreach (var (name, value) in _members)
        {
            if (_read.Contains(name))
                continue;
            if (!unserved.Contains(name))
                throw new ApiException(400, $"There is no member '{Short(Full(name))}' in this request. Leave it out, or correct its name.", Short(Full(name)), "unknown_parameter");
            if (value.ValueKind != JsonValueKind.Null)
                throw new ApiException(400, $"{Full(name)} is not served here. Leave it out.", Full(name), "unsupported_parameter");
        }
    }

    /// <summary>Releases the memory.</summary>
    public void Dispose() => _document.Dispose();

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        _ => Short(value.GetRawText()),
    };

    private static string Short(string text) => text.Length <= LongestShown ? text : string.Concat(text.AsSpan(0, LongestShown), "…");

    private static string Line(string message) => Short(message.ReplaceLineEndings(" "));

    private static string TextOf(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.String)
            throw ApiException.Of(name, "a text", Shown(value));
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw ApiException.Of(name, "a text of Unicode characters", "half of a surrogate pair, or bytes that are not UTF-8");
        }
    }

    private RequestBody Inside(JsonElement value, string prefix)
    {
        try
        {
            return new(_document, value, prefix);
        }
        catch (InvalidOperationException)
        {
            throw ApiException.Of(prefix.TrimEnd('.'), "an object whose members have names of Unicode characters", "half of a surrogate pair, or bytes that are not UTF-8");
        }
    }

    private string Full(string name) => _prefix + name;

    private JsonElement? Find(string name)
    {
        _read.Add(name);
        return _members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private IEnumerable<JsonElement> List(JsonElement value, string name, int most)
    {
        if (value.ValueKind != JsonValueKind.Array)
            throw ApiException.Of(Full(name), "a list", Shown(value));
        var length = value.GetArrayLength();
        return length >= 1 && length <= most ? value.EnumerateArray() : throw ApiException.Of(Full(name), $"1 to {most.ToString(CultureInfo.InvariantCulture)} texts", $"{length.ToString(CultureInfo.InvariantCulture)}");
    }
}
