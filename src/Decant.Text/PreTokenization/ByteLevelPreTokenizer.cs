using Decant.Text.Models;
using Decant.Text.Unicode;

namespace Decant.Text.PreTokenization;

/// <summary>The words of GPT-2, if asked for, and a space before every part that has none, if asked for; without the writing of bytes.</summary>
internal sealed class ByteLevelCutter(bool addPrefixSpace, bool cutsWords) : PreTokenizer
{
    private static readonly WordSplitter s_words = new(WordPattern.Gpt2);

    public override void Cut(TextBuffer text, Pieces pieces)
    {
        if (addPrefixSpace) AddSpaces(text, pieces);
        if (cutsWords) s_words.Cut(text, pieces);
    }

    private static void AddSpaces(TextBuffer text, Pieces pieces)
    {
        text.Begin();
        pieces.Begin();
        foreach (var (start, length) in pieces.All)
        {
            var begin = text.Written;
            if (text.Text[start] != ' ') text.Append(' ', start, start + Characters.UnitsAt(text.Text, start));
            text.Copy(start, length);
            pieces.Add(begin, text.Written - begin);
        }

        text.Commit();
        pieces.Commit();
    }
}

/// <summary>Writes the UTF-8 bytes of every part as visible characters.</summary>
/// <remarks>Where this is the last step, a tokenizer leaves it out and writes the bytes of the words that it has not seen yet: <see cref="ByteLevelModel"/>.</remarks>
internal sealed class ByteWriter : PreTokenizer
{
    public override void Cut(TextBuffer text, Pieces pieces)
    {
        text.Begin();
        pieces.Begin();
        foreach (var (start, length) in pieces.All)
        {
            var begin = text.Written;
            for (var at = start; at < start + length;) at += ByteLevel.Append(text, at);
            pieces.Add(begin, text.Written - begin);
        }

        text.Commit();
        pieces.Commit();
    }
}
