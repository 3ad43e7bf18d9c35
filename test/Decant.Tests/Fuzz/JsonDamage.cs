using System.Text;
using System.Text.Json;

namespace Decant.Tests.Fuzz;

/// <summary>Changes of JSON that know its structure: values of other types and sizes, keys that stand twice or are others, depth, texts that are no characters.</summary>
internal static class JsonDamage
{
    private static readonly byte[][] s_values =
    [
        .. new[]
        {
            "null", "true", "false", "0", "-0", "1", "-1", "2", "1.5", "7e0", "1e308", "-1e308", "1e999", "5e-324", "2147483647", "-2147483648", "2147483648", "9223372036854775807",
            "-9223372036854775808", "18446744073709551616", "123456789012345678901234567890", "NaN", "Infinity", "\"\"", "\"a\"", "\"NaN\"", "\"-1\"", "\"\\u0000\"", "\"\\ud800\"",
            "\"\\udc00\\ud800\"", "\"../../../etc/passwd\"", "\"/dev/zero\"", "\".\"", "\"\\u202e\\u001b[31m\"", "[]", "{}", "[null]", "[[]]", "[{}]", "[-1]", "[\"a\",1,null]",
            "{\"a\":null}", "{\"\":{}}", "{\"a\":1,\"a\":2}", "{\"type\":null}", "[1,2,", "{\"a\"", "\"", "\\", "// no", "\"(a*)*b\"", "\"[\"", "\"(?<=a\"", "\"\\\\p{L}+\"",
        }.Select(Encoding.UTF8.GetBytes),
        Encoding.UTF8.GetBytes(new string('[', 100) + new string(']', 100)),
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 70)) + "1" + new string('}', 70)),
        Encoding.UTF8.GetBytes(new string('[', 30_000)),
        Encoding.UTF8.GetBytes($"\"{new string('x', 5000)}\""),
        Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, 2000))}]"),
        [(byte)'"', 0xFF, (byte)'"'], [(byte)'"', 0xC3, (byte)'"'], [(byte)'"', 0xED, 0xA0, 0x80, (byte)'"'], [(byte)'"', 0, (byte)'"'],
    ];

    /// <summary>One to three changes; now and then of bytes.</summary>
    public static byte[] Of(byte[] good, byte[] other, Random random)
    {
        var bytes = good;
        for (var n = random.Next(3) == 0 ? random.Next(2, 4) : 1; n > 0; n--)
        {
            if (random.Next(6) == 0 || Spans(bytes) is not { Values.Count: > 0 } spans)
                return ByteDamage.Of(bytes, other, random, 0, bytes.Length);
            bytes = Changed(bytes, spans, random);
        }

        return bytes;
    }

    /// <summary>One line changed so.</summary>
    public static byte[] OfLines(byte[] good, byte[] other, Random random)
    {
        var text = Encoding.Latin1.GetString(good).Split('\n');
        var at = random.Next(text.Length);
        text[at] = Encoding.Latin1.GetString(Of(Encoding.Latin1.GetBytes(text[at]), other, random));
        return random.Next(6) == 0 ? ByteDamage.Of(good, other, random, 0, good.Length) : Encoding.Latin1.GetBytes(string.Join('\n', text));
    }

    private static byte[] Changed(byte[] json, JsonSpans spans, Random random)
    {
        var value = spans.Values[random.Next(spans.Values.Count)];
        var hostile = s_values[random.Next(s_values.Length)];
        if (spans.Pairs.Count == 0)
            return Replaced(json, value, hostile);
        var pair = spans.Pairs[random.Next(spans.Pairs.Count)];
        var name = json[pair.Name];
        switch (random.Next(12))
        {
            case 0:
                return Replaced(json, pair.Whole, []);
            case 1:
                return Inserted(json, pair.Whole.End.Value, [(byte)',', .. json[pair.Whole]]);
            case 2:
                return Inserted(json, pair.Whole.End.Value, [(byte)',', .. name, (byte)':', .. hostile]);
            case 3:
                return Replaced(json, spans.Pairs[random.Next(spans.Pairs.Count)].Name, name);
            case 4:
                return Replaced(json, pair.Name, s_values[random.Next(s_values.Length)]);
            case 5:
                return Replaced(json, value, json[spans.Values[random.Next(spans.Values.Count)]]);
            case 6:
                return Replaced(json, value, [(byte)'[', .. json[value], (byte)']']);
            case 7:
                return Inserted(json, pair.Whole.Start.Value, [.. "\"made_up\":"u8, .. hostile, (byte)',']);
            default:
                return Replaced(json, value, hostile);
        }
    }

    private static byte[] Replaced(byte[] bytes, Range range, byte[] with) => [.. bytes[..range.Start], .. with, .. bytes[range.End..]];

    private static byte[] Inserted(byte[] bytes, int at, byte[] what) => [.. bytes[..at], .. what, .. bytes[at..]];

    /// <summary>Where values and pairs of a name and a value lie; null where it is no JSON.</summary>
    private static JsonSpans? Spans(byte[] json)
    {
        var found = new JsonSpans([], []);
        var open = new Stack<(int Start, Range? Name)>();
        Range? name = null;
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                var (start, end) = ((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    name = start..(start + reader.ValueSpan.Length + 2);
                    continue;
                }

                if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
                {
                    open.Push((start, name));
                    name = null;
                    continue;
                }

                var (begin, label) = reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject ? open.Pop() : (start, name);
                found.Values.Add(begin..end);
                if (label is { } of)
                    found.Pairs.Add((of, of.Start.Value..end));
                name = null;
            }
        }
        catch (JsonException)
        {
            return null;
        }

        return found;
    }

    private sealed record JsonSpans(List<Range> Values, List<(Range Name, Range Whole)> Pairs);
}
