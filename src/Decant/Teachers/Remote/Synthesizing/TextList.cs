using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Decant.Teachers.Remote.Synthesizing;

/// <summary>The texts of an answer.</summary>
/// <param name="Form">How it brings them.</param>
/// <param name="Texts">The texts; an element that is an object counts by its <c>text</c>, or by the one text it has.</param>
/// <param name="NotTexts">How many elements are none.</param>
internal sealed partial record TextList(ListForm Form, IReadOnlyList<string> Texts, int NotTexts)
{
    /// <summary>Reads an answer; whatever it is, there is a result.</summary>
    public static TextList Read(string answer)
    {
        var start = Start().Match(answer);
        if (!start.Success)
            return new TextList(ListForm.None, [], 0);
        var bytes = Encoding.UTF8.GetBytes(answer[start.Index..]);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowTrailingCommas = true });
        var (texts, others, isWhole) = (new List<string>(), 0, false);
        try
        {
            reader.Read();
            while (reader.Read() && !(isWhole = reader.TokenType == JsonTokenType.EndArray))
            {
                if (Text(ref reader) is { } text)
                    texts.Add(text);
                else
                    others++;
            }
        }
        catch (JsonException)
        {
            // It breaks off here.
        }

        if (!isWhole)
            return new TextList(texts.Count + others > 0 ? ListForm.Cut : ListForm.None, texts, others);
        var before = answer[..start.Index].Trim();
        var after = Encoding.UTF8.GetString(bytes.AsSpan((int)reader.BytesConsumed)).Trim();
        return new TextList(FormOf(before, after), texts, others);
    }

    private static ListForm FormOf(string before, string after)
    {
        if ((before.Length == 0 && after.Length == 0) || (Wrapper().IsMatch(before) && after == "}"))
            return ListForm.Clean;
        return Fence().IsMatch(before) && (after.Length == 0 || after.TrimStart('}', ' ', '\r', '\n').StartsWith("```", StringComparison.Ordinal)) ? ListForm.Fenced : ListForm.Framed;
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            if (reader.TokenType == JsonTokenType.String)
                return reader.GetString();
            using var element = JsonDocument.ParseValue(ref reader);
            return element.RootElement.ValueKind == JsonValueKind.Object ? OfObject(element.RootElement) : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair
        }
    }

    private static string? OfObject(JsonElement fields)
    {
        if (fields.TryGetProperty("text", out var named))
            return named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        var texts = fields.EnumerateObject().Where(field => field.Value.ValueKind == JsonValueKind.String).Take(2).ToArray();
        return texts.Length == 1 ? texts[0].Value.GetString() : null;
    }

    // A list of texts or objects: "[1]" in prose is none.
    [GeneratedRegex("""\[\s*(?=["{\]])""")]
    private static partial Regex Start();

    [GeneratedRegex("""\A\{\s*"[^"\\]*"\s*:\z""")]
    private static partial Regex Wrapper();

    [GeneratedRegex("""```[a-zA-Z]*\s*(\{\s*"[^"\\]*"\s*:)?\z""")]
    private static partial Regex Fence();
}
