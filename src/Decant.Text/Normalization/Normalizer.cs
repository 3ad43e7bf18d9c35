using Decant.Text.Patterns;
using Decant.Text.PreTokenization;
using Decant.Text.Unicode;

namespace Decant.Text.Normalization;

/// <summary>The first step of a tokenizer: what a text is made into before it is cut.</summary>
internal abstract class Normalizer
{
    /// <summary>Changes the text in the buffer.</summary>
    public abstract void Normalize(TextBuffer text);

    public string Normalize(string text)
    {
        var buffer = new TextBuffer();
        buffer.Load(text, 0, tracks: false);
        Normalize(buffer);
        return buffer.Text.ToString();
    }
}

/// <summary>One after the other.</summary>
internal sealed class NormalizerSequence(Normalizer[] steps) : Normalizer
{
    public override void Normalize(TextBuffer text)
    {
        foreach (var step in steps) step.Normalize(text);
    }
}

/// <summary>A text put before every text that is not empty.</summary>
internal sealed class PrependNormalizer(string prepend) : Normalizer
{
    public override void Normalize(TextBuffer text)
    {
        if (text.Length == 0) return;
        var length = text.Length;
        text.Begin();
        text.Append(prepend, 0, Characters.UnitsAt(text.Text, 0)); // what is put before a text counts as its first character
        text.Copy(0, length);
        text.Commit();
    }
}

/// <summary>White space off the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : Normalizer
{
    public override void Normalize(TextBuffer text)
    {
        var (start, end) = (0, text.Length);
        while (right && end > start && char.IsWhiteSpace(text.Text[end - 1])) end--;
        while (left && start < end && char.IsWhiteSpace(text.Text[start])) start++;
        text.Keep(start, end - start);
    }
}

/// <summary>Every occurrence of a pattern becomes another text, as it is written.</summary>
internal sealed class ReplaceNormalizer(TextPattern pattern, string content) : Normalizer
{
    public override void Normalize(TextBuffer text)
    {
        if (pattern.OneCharacter is { } c && content.Length == 1)
        {
            text.Characters.Replace(c, content[0]); // in place: as long as before
            return;
        }

        var matches = pattern.Matches(text.Text);
        if (matches.Count == 0) return;
        var (length, at) = (text.Length, 0);
        text.Begin();
        foreach (var (start, size) in matches)
        {
            text.Copy(at, start - at);
            if (size > 0) text.Append(content, start, start + size);
            else AppendBehind(text, start);
            at = start + size;
        }

        text.Copy(at, length - at);
        text.Commit();
    }

    /// <summary>What stands in place of nothing counts as the character before it.</summary>
    private void AppendBehind(TextBuffer text, int at)
    {
        var from = at == 0 ? 0 : at >= 2 && char.IsLowSurrogate(text.Text[at - 1]) ? at - 2 : at - 1;
        text.Append(content, from, at);
    }
}

/// <summary>UTF-8 bytes as visible characters.</summary>
internal sealed class ByteLevelNormalizer : Normalizer
{
    public override void Normalize(TextBuffer text)
    {
        var length = text.Length;
        text.Begin();
        for (var at = 0; at < length;) at += ByteLevel.Append(text, at);
        text.Commit();
    }
}
