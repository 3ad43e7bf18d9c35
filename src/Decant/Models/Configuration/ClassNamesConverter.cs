using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Decant.Models.Configuration;

/// <summary>Names of classes as Hugging Face's <c>id2label</c>: an object with the indices as keys.</summary>
internal sealed class ClassNamesConverter : JsonConverter<IReadOnlyList<string>>
{
    public override IReadOnlyList<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var labels = JsonSerializer.Deserialize<Dictionary<string, string>>(ref reader) ?? [];
        var names = new string?[labels.Count];
        foreach (var (key, name) in labels)
        {
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= names.Length || names[index] is not null)
                throw new JsonException($"id2label has the key '{key}'; expected the numbers from 0 to {names.Length - 1}, each once");
            names[index] = name ?? throw new JsonException($"id2label names no class for '{key}'");
        }

        return names!;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        for (var i = 0; i < value.Count; i++)
            writer.WriteString(i.ToString(CultureInfo.InvariantCulture), value[i]);
        writer.WriteEndObject();
    }
}
