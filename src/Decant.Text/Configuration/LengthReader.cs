using System.Text.Json;
using Decant.Text.PostProcessing;

namespace Decant.Text.Configuration;

/// <summary>Reads how long texts are made: the <c>truncation</c> and <c>padding</c> of a tokenizer.json.</summary>
internal static class LengthReader
{
    public static Truncation? Truncation(JsonElement? json, string source)
    {
        if (json is not { ValueKind: JsonValueKind.Object } element) return null;
        var c = new Component(element, $"{source}: truncation");
        // What is cut off is not given, so there is nothing that could overlap.
        if (c.Int("stride", 0) != 0) throw c.Wrong("stride", "0, since the parts that are cut off are not given");
        var strategy = c.Text("strategy", "LongestFirst");
        if (strategy is not ("LongestFirst" or "OnlyFirst" or "OnlySecond")) throw c.Wrong("strategy", "LongestFirst, OnlyFirst or OnlySecond");
        var made = new Truncation(c.Int("max_length"), IsLeft(c), strategy);
        c.End();
        return made;
    }

    public static Padding? Padding(JsonElement? json, string source)
    {
        if (json is not { ValueKind: JsonValueKind.Object } element) return null;
        var c = new Component(element, $"{source}: padding");
        var strategy = c.Raw("strategy");
        var isFixed = strategy.ValueKind == JsonValueKind.Object && strategy.TryGetProperty("Fixed", out _);
        if (!isFixed && !(strategy.ValueKind == JsonValueKind.String && strategy.GetString() == "BatchLongest")) throw c.Wrong("strategy", "\"BatchLongest\" or {\"Fixed\": …}");
        var made = new Padding
        {
            Fixed = isFixed ? Math.Clamp(strategy.GetProperty("Fixed").GetInt32(), 0, 1 << 24) : null,
            Left = IsLeft(c),
            MultipleOf = Math.Clamp(c.Int("pad_to_multiple_of", 1), 1, 1 << 24),
            Id = c.Int("pad_id", 0),
            TypeId = (byte)c.Int("pad_type_id", 0),
            Token = c.Text("pad_token", "[PAD]"),
        };
        c.End();
        return made;
    }

    private static bool IsLeft(Component c) => c.Text("direction", "Right") switch
    {
        "Left" => true,
        "Right" => false,
        _ => throw c.Wrong("direction", "Left or Right"),
    };
}
