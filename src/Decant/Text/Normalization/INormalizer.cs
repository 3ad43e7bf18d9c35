using System.Text.Json;

namespace Decant.Text;

/// <summary>The first step of a tokenizer: what a text is made into before it is cut.</summary>
internal interface INormalizer
{
    string Normalize(string text);

    void Write(Utf8JsonWriter json);
}

/// <summary>Lower case, as <c>Lowercase</c> in tokenizer.json.</summary>
internal sealed class LowercaseNormalizer : INormalizer
{
    public string Normalize(string text)
    {
        var result = new System.Text.StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) Characters.AppendLower(result, rune);
        return result.ToString();
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "Lowercase");
        json.WriteEndObject();
    }
}
