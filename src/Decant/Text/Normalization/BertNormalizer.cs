using System.Text;
using System.Text.Json;

namespace Decant.Text;

/// <summary>BERT's normalisation: no control characters, one kind of space, Chinese characters set apart, and, uncased, no accents and lower case.</summary>
/// <remarks>Source: Devlin et al. 2019, <c>tokenization.py</c>; the same steps as <c>BertNormalizer</c> in tokenizer.json.</remarks>
internal sealed class BertNormalizer(bool cleanText, bool handleChinese, bool stripAccents, bool lowerCase) : INormalizer
{
    public bool StripAccents => stripAccents;

    public bool LowerCase => lowerCase;

    public string Normalize(string text)
    {
        var result = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (cleanText && (rune.Value is 0 or 0xFFFD || Characters.IsControl(rune))) continue;
            if (cleanText && Rune.IsWhiteSpace(rune)) result.Append(' ');
            else if (handleChinese && Characters.IsChinese(rune)) Append(result.Append(' '), rune).Append(' ');
            else Append(result, rune);
        }

        return result.ToString();
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "BertNormalizer");
        json.WriteBoolean("clean_text", cleanText);
        json.WriteBoolean("handle_chinese_chars", handleChinese);
        json.WriteBoolean("strip_accents", stripAccents);
        json.WriteBoolean("lowercase", lowerCase);
        json.WriteEndObject();
    }

    private StringBuilder Append(StringBuilder result, Rune rune)
    {
        if (rune.IsAscii) return result.Append((char)(lowerCase && rune.Value is >= 'A' and <= 'Z' ? rune.Value | 0x20 : rune.Value));
        var from = result.Length;
        if (stripAccents) BaseCharacters.Append(result, rune);
        else result.Append(rune);
        if (lowerCase) LowerFrom(result, from);
        return result;
    }

    private static void LowerFrom(StringBuilder text, int from)
    {
        var tail = text.ToString(from, text.Length - from);
        text.Length = from;
        foreach (var rune in tail.EnumerateRunes()) Characters.AppendLower(text, rune);
    }
}
