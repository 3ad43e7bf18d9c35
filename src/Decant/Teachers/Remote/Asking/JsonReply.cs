using System.Text;
using System.Text.Json;

namespace Decant.Teachers.Remote.Asking;

/// <summary>Reads an answer that is to be one JSON value and nothing else; a code fence around it is allowed.</summary>
internal static class JsonReply
{
    private const string Fence = "```";
    private static readonly JsonReaderOptions s_strict = new() { MaxDepth = 16 };

    /// <summary>The value, or why there is none: prose, JSON that breaks within, several values.</summary>
    /// <param name="text">The answer.</param>
    public static (JsonElement? Value, AbstentionReason? Why) Read(string text)
    {
        var bare = Unfenced(text.Trim());
        if (bare.Length == 0 || !Begins(bare[0]))
            return (null, AbstentionReason.Prose);
        var bytes = Encoding.UTF8.GetBytes(bare);
        var reader = new Utf8JsonReader(bytes, s_strict);
        try
        {
            using var json = JsonDocument.ParseValue(ref reader);
            var rest = Encoding.UTF8.GetString(bytes.AsSpan((int)reader.BytesConsumed)).Trim();
            rest = rest.StartsWith(Fence, StringComparison.Ordinal) ? rest[Fence.Length..].Trim() : rest;
            return rest.Length == 0 ? (json.RootElement.Clone(), null) : (null, IsAnother(rest) ? AbstentionReason.SeveralAnswers : AbstentionReason.Prose);
        }
        catch (JsonException)
        {
            return (null, AbstentionReason.BrokenJson);
        }
    }

    /// <summary>A string of the value; null: it is none, or has half a surrogate pair.</summary>
    public static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool Begins(char first) => first is '{' or '[' or '-' || char.IsAsciiDigit(first);

    private static bool IsAnother(string rest) => Begins(rest.TrimStart(',', ';', ' ').FirstOrDefault()) || rest.StartsWith(Fence, StringComparison.Ordinal);

    // Three backticks, perhaps the name of a language, and the end of the line or the value itself.
    private static string Unfenced(string text)
    {
        if (!text.StartsWith(Fence, StringComparison.Ordinal))
            return text;
        var inside = text[Fence.Length..];
        return inside[inside.TakeWhile(char.IsAsciiLetter).Count()..].Trim();
    }
}
