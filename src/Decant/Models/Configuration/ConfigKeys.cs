using System.Text.Json.Nodes;

namespace Decant.Models.Configuration;

/// <summary>
/// Keys of a family's <c>config.json</c> that change the mathematics and of which not all values are served: refused by name, never ignored.
/// </summary>
/// <remarks>A key that is missing or null is fine: that is the published default.</remarks>
internal sealed class ConfigKeys
{
    private readonly List<(string Key, string Served, Func<JsonNode, bool> IsServed)> _rules = [];
    private readonly List<(string Old, string New)> _renamed = [];
    private readonly List<Action<JsonObject>> _changes = [];

    /// <summary>The keys that no family serves.</summary>
    public static ConfigKeys Common() => new ConfigKeys().Absent("quantization_config").Only("is_encoder_decoder", false).Only("add_cross_attention", false);

    /// <summary>A key of which these values alone are served.</summary>
    public ConfigKeys Only(string key, params object[] values)
    {
        var served = values.Select(v => Shown(System.Text.Json.JsonSerializer.SerializeToNode(v)!)).ToArray();
        return When(key, string.Join(" or ", served), node => served.Contains(Shown(node), StringComparer.Ordinal));
    }

    /// <summary>A key of which the values that pass the test alone are served.</summary>
    public ConfigKeys When(string key, string served, Func<JsonNode, bool> isServed)
    {
        _rules.Add((key, served, isServed));
        return this;
    }

    /// <summary>A key that is not served at all.</summary>
    public ConfigKeys Absent(string key) => When(key, "a model without it", _ => false);

    /// <summary>A key that other versions write under another name; where both stand, the new one counts.</summary>
    public ConfigKeys Renamed(string old, string @new)
    {
        _renamed.Add((old, @new));
        return this;
    }

    /// <summary>Another way of writing settings, brought into the one that is read.</summary>
    public ConfigKeys Change(Action<JsonObject> change)
    {
        _changes.Add(change);
        return this;
    }

    /// <summary>The settings under the names that are read.</summary>
    /// <exception cref="DecantException">Keys with values that are not served: all of them, with what came and what is served.</exception>
    public JsonObject Apply(JsonObject json)
    {
        var copy = (JsonObject)json.DeepClone();
        foreach (var (old, @new) in _renamed)
        {
            if (copy[old] is { } value && copy[@new] is null)
                copy[@new] = value.DeepClone();
        }

        foreach (var change in _changes)
            change(copy);
        Check(copy);
        return copy;
    }

    private void Check(JsonObject json)
    {
        var faults = _rules.Where(r => json[r.Key] is { } value && !r.IsServed(value)).Select(r => $"{r.Key} is {Shown(json[r.Key]!)}; served is {r.Served}").ToList();
        if (faults.Count > 0)
            throw new DecantException($"This {json["model_type"]} model computes what is not served here: {string.Join("; ", faults)}. Take another checkpoint of the family.");
    }

    // 1 and 1.0 are one number.
    private static string Shown(JsonNode node)
    {
        if (node is JsonValue value && value.TryGetValue<double>(out var number))
            return number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var text = node.ToJsonString().Trim('"');
        return text.Length > 80 ? text[..80] + "…" : text;
    }
}
