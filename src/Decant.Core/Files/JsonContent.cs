using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace Decant.Files;

/// <summary>Reads JSON that others wrote, so that every fault of it comes out where it is read, as a <see cref="JsonException"/>.</summary>
/// <remarks>
/// .NET decodes a text only when it is read: bytes that are no UTF-8, half of a surrogate pair and a key that occurs twice would come out later, anywhere, as
/// exceptions of other kinds.
/// </remarks>
internal static class JsonContent
{
    /// <summary>What a file says, every key once.</summary>
    /// <exception cref="DecantException">It is no regular file, or is longer than settings are.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    public static JsonNode? Node(string path)
    {
        var bytes = RegularFile.Bytes(path, RegularFile.MostSettings);
        Require(bytes);
        return JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
    }

    /// <summary>What a file says, of a type.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">As <see cref="WholeObjects"/> makes them.</param>
    /// <inheritdoc cref="Node" path="/exception"/>
    public static T? Read<T>(string path, JsonSerializerOptions options)
    {
        try
        {
            return JsonSerializer.Deserialize(RegularFile.Bytes(path, RegularFile.MostSettings), (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));
        }
        catch (Exception error) when (error is NotSupportedException or InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            throw new JsonException(error.Message, error);
        }
    }

    /// <summary>Refuses what is no JSON, and texts in it that are no characters, and numbers beyond all that are computed with.</summary>
    /// <exception cref="JsonException">It is none: where, and why.</exception>
    public static void Require(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 64 });
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.Number && !(reader.TryGetDouble(out var number) && double.IsFinite(number)))
                throw new JsonException($"the number at byte {reader.TokenStartIndex} is larger than any that is computed with");
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !IsText(ref reader))
                throw new JsonException($"the text at byte {reader.TokenStartIndex} has bytes that are not UTF-8, or half of a surrogate pair");
        }
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return Utf8.IsValid(reader.ValueSpan);
        try
        {
            reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
