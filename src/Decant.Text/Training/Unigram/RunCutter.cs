using System.Text;
using Decant.Text.PreTokenization;
using Decant.Text.Unicode;

namespace Decant.Text.Training.Unigram;

/// <summary>Cuts words where letters, digits and other signs meet; ▁ goes with what follows.</summary>
/// <remarks>
/// No token reaches over such a place, so to train on the runs is to train on the words, and Chinese, which has no spaces, has clauses instead of whole texts.
/// Longer runs than <see cref="Longest"/> are cut there, which is a little off at that place.
/// </remarks>
internal sealed class RunCutter : Cutter
{
    /// <summary>The most UTF-16 units of a run.</summary>
    public const int Longest = 256;

    private enum Kind
    {
        Letter,
        Digit,
        Other,
    }

    protected override void Cut(ReadOnlySpan<char> text, int offset, Pieces pieces)
    {
        var start = 0;
        Kind? kind = null;
        for (var at = 0; at < text.Length;)
        {
            var size = Characters.UnitsAt(text, at);
            if (text[at] != '▁')
            {
                var next = KindOf(Characters.RuneAt(text, at));
                if ((kind is not null && next != kind) || at + size - start > Longest)
                {
                    pieces.Add(offset + start, at - start);
                    start = at;
                }

                kind = next;
            }

            at += size;
        }

        pieces.Add(offset + start, text.Length - start);
    }

    private static Kind KindOf(Rune rune) => Rune.IsLetter(rune) || Characters.IsMark(rune) ? Kind.Letter : Characters.IsNumeric(rune) ? Kind.Digit : Kind.Other;
}
