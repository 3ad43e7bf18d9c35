using System.Text;
using System.Text.Json;

namespace Decant.Text;

/// <summary>Cuts at white space, and makes every punctuation character a word.</summary>
internal sealed class BertPreTokenizer : IPreTokenizer
{
    public void Split(string text, List<string> words)
    {
        var start = 0;
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var isSpace = Rune.IsWhiteSpace(rune);
            if (isSpace || Characters.IsPunctuation(rune))
            {
                if (at > start) words.Add(text[start..at]);
                start = at + rune.Utf16SequenceLength;
                if (!isSpace) words.Add(text[at..start]);
            }

            at += rune.Utf16SequenceLength;
        }

        if (text.Length > start) words.Add(text[start..]);
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "BertPreTokenizer");
        json.WriteEndObject();
    }
}
