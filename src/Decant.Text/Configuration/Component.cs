using System.Globalization;
using System.Text;
using System.Text.Json;
using Decant.Text.Patterns;

namespace Decant.Text.Configuration;

/// <summary>One component of a tokenizer.json with its options; options that were not read are refused by name.</summary>
/// <remarks>What decides ids is written down as it is read, defaults included, so that the same meaning gives the same <see cref="Signature"/>.</remarks>
internal sealed class Component(JsonElement json, string path)
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal) { "type" };
    private readonly StringBuilder _signature = new();

    public string Path => path;

    public JsonElement Json => json;

    public string? Type => json.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;

    public string Signature => $"{Type}({_signature})";

    public bool Has(string name) => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public bool Bool(string name, bool otherwise, bool decidesIds = true) => Kept(name, decidesIds, Find(name) switch
    {
        null => otherwise,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Wrong(name, "true or false"),
    });

    public bool? OptionalBool(string name) => Has(name) ? Bool(name, false) : Kept<bool?>(name, true, null);

    public int Int(string name, int? otherwise = null) => Kept(name, true, Find(name) is not { } value
        ? otherwise ?? throw Missing(name) : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : throw Wrong(name, "a whole number"));

    public string Text(string name, string? otherwise = null) => OptionalText(name) ?? otherwise ?? throw Missing(name);

    public string? OptionalText(string name) => Kept(name, true, Find(name) is not { } value ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, "a string"));

    /// <summary>A string of one character.</summary>
    public char Character(string name, char? otherwise = null)
    {
        var text = Text(name, otherwise?.ToString(CultureInfo.InvariantCulture));
        return text.Length == 1 ? text[0] : throw Wrong(name, "a string of one character");
    }

    /// <summary>The value of an option, not interpreted.</summary>
    public JsonElement Raw(string name, bool decidesIds = true)
    {
        var value = Find(name) ?? throw Missing(name);
        if (decidesIds) Kept(name, true, JsonSerializer.Serialize(value, TokenizerTypes.Default.JsonElement)); // without the file's own spaces and escapes
        return value;
    }

    public IReadOnlyList<JsonElement> List(string name, bool decidesIds = true) => Raw(name, decidesIds) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : throw Wrong(name, "a list");

    /// <summary>The components of a sequence.</summary>
    public T[] Children<T>(string name, Func<Component, T> read)
    {
        _read.Add(name);
        if (Find(name) is not { ValueKind: JsonValueKind.Array } list) throw Missing(name);
        var made = new List<T>();
        foreach (var item in list.EnumerateArray())
        {
            var child = new Component(item, $"{path}.{name}[{made.Count}]");
            made.Add(read(child));
            _signature.Append(child.Signature).Append(';');
        }

        return [.. made];
    }

    /// <summary>A <c>{"String": …}</c> or <c>{"Regex": …}</c>.</summary>
    public TextPattern Pattern(string name)
    {
        var value = Raw(name);
        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("String", out var literal) && literal.ValueKind == JsonValueKind.String) return TextPattern.Literal(literal.GetString()!);
        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("Regex", out var regex) && regex.ValueKind == JsonValueKind.String) return TextPattern.Regex(regex.GetString()!, $"{path}.{name}");
        if (value.ValueKind == JsonValueKind.String) return TextPattern.Literal(value.GetString()!);
        throw Wrong(name, "{\"String\": …} or {\"Regex\": …}");
    }

    /// <summary>Options that decide no id and nothing else that is done here.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (var name in names) _read.Add(name);
    }

    /// <summary>To be called when all options are read.</summary>
    public void End()
    {
        foreach (var option in json.EnumerateObject())
            if (!_read.Contains(option.Name) && option.Value.ValueKind != JsonValueKind.Null)
                throw new DecantException($"{path}: {Type} has the option '{option.Name}', which is not supported; use a tokenizer without it.");
    }

    public DecantException NotSupported(string kind) => new($"{path}: the {kind} '{Type ?? "null"}' is not supported.");

    public DecantException Wrong(string name, string expected) => new($"{path}.{name}: expected {expected}, came {Shortened(json.TryGetProperty(name, out var value) ? value.GetRawText() : "nothing")}.");

    private DecantException Missing(string name) => new($"{path}: {Type} lacks '{name}'; export the tokenizer again.");

    private JsonElement? Find(string name)
    {
        _read.Add(name);
        return json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private T Kept<T>(string name, bool decidesIds, T value)
    {
        _read.Add(name);
        if (decidesIds) _signature.Append(name).Append('=').Append(value is string text ? JsonSerializer.Serialize(text, TokenizerTypes.Default.String) : value?.ToString() ?? "null").Append(',');
        return value;
    }

    private static string Shortened(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
