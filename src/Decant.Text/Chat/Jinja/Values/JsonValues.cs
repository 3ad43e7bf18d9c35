using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Decant.Text.Chat.Jinja.Values;

/// <summary>JSON as values of a template.</summary>
internal static class JsonValues
{
    private const int MostDigits = 4300; // as Python's

    /// <summary>A value.</summary>
    public static object? Of(JsonNode? node) => node switch
    {
        null => null,
        JsonObject map => Of(map),
        JsonArray list => new Sequence([.. list.Select(Of)]),
        var value => value.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String => value.GetValue<string>(),
            _ => Number(value.ToJsonString()),
        },
    };

    private static Mapping Of(JsonObject json)
    {
        var map = new Mapping();
        foreach (var (key, value) in json)
            map.Set(key, Of(value));
        return map;
    }

    // Python keeps 1 and 1.0 apart.
    private static object Number(string text)
    {
        if (text.AsSpan().IndexOfAny('.', 'e', 'E') >= 0)
            return double.Parse(text, CultureInfo.InvariantCulture);
        if (text.Length > MostDigits)
            throw new DecantException($"A number of {text.Length} digits: expected at most {MostDigits}; write it as a text.");
        return long.TryParse(text, CultureInfo.InvariantCulture, out var whole) ? (object)whole : BigInteger.Parse(text, CultureInfo.InvariantCulture);
    }
}
