using Decant.Text.Unicode;

namespace Decant.Text.PreTokenization;

/// <summary>Spaces become a visible character, which begins words.</summary>
/// <param name="replacement">The character, ▁ as a rule.</param>
/// <param name="scheme"><c>always</c>, <c>first</c> or <c>never</c>: which parts get one before them that do not begin with one.</param>
/// <param name="split">Whether the text is cut before each.</param>
internal sealed class MetaspacePreTokenizer(char replacement, string scheme, bool split) : PreTokenizer
{
    public override void Cut(TextBuffer text, Pieces pieces)
    {
        text.Begin();
        pieces.Begin();
        foreach (var (start, length) in pieces.All)
        {
            var part = text.Text.Slice(start, length);
            var begin = text.Written;
            var isWhole = scheme == "always" || (scheme == "first" && start == 0 && text.IsFirst);
            if (isWhole && part[0] != ' ' && part[0] != replacement) text.Append(replacement, start, start + Characters.UnitsAt(part, 0));
            for (var at = 0; at < length; at++)
            {
                var c = part[at] == ' ' ? replacement : part[at];
                if (split && c == replacement && text.Written > begin)
                {
                    pieces.Add(begin, text.Written - begin);
                    begin = text.Written;
                }

                text.Append(c, start + at);
            }

            pieces.Add(begin, text.Written - begin);
        }

        text.Commit();
        pieces.Commit();
    }
}
