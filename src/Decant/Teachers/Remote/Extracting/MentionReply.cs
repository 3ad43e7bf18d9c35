using System.Text.Json;
using Decant.Teachers.Remote.Asking;
using Decant.Teachers.Remote.Classifying;

namespace Decant.Teachers.Remote.Extracting;

/// <summary>Reads an answer that lists spans.</summary>
internal static class MentionReply
{
    /// <summary>The mentions, of types as they are spelled here, or why there are none.</summary>
    /// <param name="text">The answer: <c>{"spans": [{"type": …, "text": …}]}</c>, or the list alone.</param>
    /// <param name="types">The types.</param>
    public static (IReadOnlyList<ChatMention>? Mentions, MentionFault? Fault) Read(string text, IReadOnlyList<ChatClass> types)
    {
        if (JsonReply.Read(text) is not ({ } root, _) read)
            return (null, new(JsonReply.Read(text).Why!.Value));
        if (List(root) is not { } list)
            return (null, new(AbstentionReason.OtherShape, $"expected an object with a list '{ExtractionPrompt.Spans}'"));
        var mentions = new List<ChatMention>();
        foreach (var item in list.EnumerateArray())
        {
            var (mention, fault) = Mention(item, types);
            if (mention is null)
                return (null, fault);
            mentions.Add(mention);
        }

        return (mentions, null);
    }

    private static JsonElement? List(JsonElement root) => root.ValueKind == JsonValueKind.Array ? root
        : root.ValueKind == JsonValueKind.Object && root.TryGetProperty(ExtractionPrompt.Spans, out var list) && list.ValueKind == JsonValueKind.Array ? list
        : null;

    private static (ChatMention? Mention, MentionFault? Fault) Mention(JsonElement item, IReadOnlyList<ChatClass> types)
    {
        if (Field(item, ExtractionPrompt.Type) is not { } named || Field(item, ExtractionPrompt.Text)?.Trim() is not { Length: > 0 } text)
            return (null, new(AbstentionReason.OtherShape, $"a span lacks its '{ExtractionPrompt.Type}' or its '{ExtractionPrompt.Text}'"));
        var type = types.FirstOrDefault(t => t.Name.Equals(named.Trim(), StringComparison.OrdinalIgnoreCase));
        return type is null ? (null, new(AbstentionReason.UnknownType, $"'{named}' is none of the types")) : (new ChatMention(type.Name, text), null);
    }

    private static string? Field(JsonElement item, string name) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) ? JsonReply.TextOf(value) : null;
}

/// <summary>Why an answer's spans cannot be used.</summary>
/// <param name="Why">The reason.</param>
/// <param name="Detail">The span, in words; null: the answer as a whole.</param>
internal readonly record struct MentionFault(AbstentionReason Why, string? Detail = null);
