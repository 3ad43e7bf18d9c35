using Decant.Models.Configuration;

namespace Decant.Models.Decoder;

/// <summary>Which layers of Qwen's models look back a limited way, as their settings say it.</summary>
internal static class SlidingWindow
{
    public const string Full = "full_attention";
    public const string Sliding = "sliding_attention";

    /// <summary>The window of a layer, or null.</summary>
    public static long? Of(int layer, bool used, int? window, int firstLayer, IReadOnlyList<string>? layerTypes)
    {
        if (!used || window is null)
            return null;
        return (layerTypes is null ? layer >= firstLayer : layer < layerTypes.Count && layerTypes[layer] == Sliding) ? window : null;
    }

    /// <summary>Notes a window or layers' types that do not fit.</summary>
    public static void Check(ConfigFaults faults, bool used, int? window, int layers, IReadOnlyList<string>? layerTypes)
    {
        faults.Unless(!used || window is not < 1, $"sliding_window is {window}; at least 1 is needed");
        if (layerTypes is null)
            return;
        faults.Unless(layerTypes.Count == layers, $"layer_types has {layerTypes.Count} entries for {layers} layers");
        faults.Unless(layerTypes.All(t => t is Full or Sliding), $"layer_types has {string.Join(", ", layerTypes.Distinct())}; served are {Full} and {Sliding}");
    }
}
