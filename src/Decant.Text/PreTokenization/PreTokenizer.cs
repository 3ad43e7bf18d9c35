using Decant.Text.Unicode;

namespace Decant.Text.PreTokenization;

/// <summary>The second step of a tokenizer: cuts a text into words, inside of which tokens lie.</summary>
internal abstract class PreTokenizer
{
    /// <summary>Cuts each part further; may write the text anew.</summary>
    public abstract void Cut(TextBuffer text, Pieces pieces);

    public string[] Cut(string text)
    {
        var (buffer, pieces) = (new TextBuffer(), new Pieces());
        buffer.Load(text, 0, tracks: false);
        pieces.Reset(text.Length);
        Cut(buffer, pieces);
        var words = new string[pieces.Count];
        for (var i = 0; i < words.Length; i++) words[i] = buffer.Text.Slice(pieces.All[i].Start, pieces.All[i].Length).ToString();
        return words;
    }
}

/// <summary>One after the other.</summary>
internal sealed class PreTokenizerSequence(PreTokenizer[] steps) : PreTokenizer
{
    public PreTokenizer[] Steps => steps;

    public override void Cut(TextBuffer text, Pieces pieces)
    {
        foreach (var step in steps) step.Cut(text, pieces);
    }
}

/// <summary>A cutter that leaves the text as it is.</summary>
internal abstract class Cutter : PreTokenizer
{
    public sealed override void Cut(TextBuffer text, Pieces pieces)
    {
        pieces.Begin();
        foreach (var (start, length) in pieces.All) Cut(text.Text.Slice(start, length), start, pieces);
        pieces.Commit();
    }

    /// <summary>Adds the parts of one part.</summary>
    /// <param name="text">The part.</param>
    /// <param name="offset">Where it stands in the whole text.</param>
    /// <param name="pieces">Gets the parts, by their places in the whole text.</param>
    protected abstract void Cut(ReadOnlySpan<char> text, int offset, Pieces pieces);
}
