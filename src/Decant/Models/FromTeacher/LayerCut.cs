using System.Text.Json.Nodes;
using Decant.Models.Decoder;

namespace Decant.Models.FromTeacher;

/// <summary>The settings of some layers of a teacher.</summary>
internal static class LayerCut
{
    private const string Types = "layer_types";

    /// <summary>Sets how many layers there are, and what each of them is.</summary>
    public static void Apply(JsonObject json, IReadOnlyList<int> layers, string[] keys)
    {
        var (key, has) = ConfigCut.Find(json, keys) ?? throw ConfigCut.Missing(json, "layers");
        if (layers.Any(l => l < 0 || l >= has))
            throw new DecantException($"student.from-teacher: layer {layers.First(l => l < 0 || l >= has)} was requested, and the teacher has the layers 0 to {has - 1}.");
        if (json["scale_attn_by_inverse_layer_idx"]?.GetValue<bool>() == true && !layers.SequenceEqual(Enumerable.Range(0, layers.Count)))
            throw new DecantException("student.from-teacher: the teacher's attention depends on the number of its layer (scale_attn_by_inverse_layer_idx), so layers cannot change places. Say choose: first.");
        json[key] = layers.Count;
        SayTypes(json, has);
        if (json[Types] is JsonArray all && all.Count == has)
            json[Types] = new JsonArray([.. layers.Select(l => all[l]?.DeepClone())]);
    }

    // Where a number says from which layer on the view is limited, every layer says it for itself: layers that change places keep their view.
    private static void SayTypes(JsonObject json, int layers)
    {
        if (json[Types] is null && json["use_sliding_window"]?.GetValue<bool>() == true && json["max_window_layers"]?.GetValue<int>() is { } first)
            json[Types] = new JsonArray([.. Enumerable.Range(0, layers).Select(l => (JsonNode)(l >= first ? SlidingWindow.Sliding : SlidingWindow.Full))]);
    }
}
