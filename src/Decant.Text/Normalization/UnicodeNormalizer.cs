using System.Text;
using Decant.Text.Unicode;

namespace Decant.Text.Normalization;

/// <summary>The four normalisation forms of Unicode (UAX 15).</summary>
internal sealed class UnicodeNormalizer(bool compose, bool compatibility) : Normalizer
{
    private readonly int _firstChanging = compatibility ? 0xA0 : compose ? 0x300 : 0xC0;

    public override void Normalize(TextBuffer text)
    {
        if (IsInert(text.Text)) return;
        var characters = Decompose(text);
        Order(characters);
        if (compose) Compose(characters);
        text.Begin();
        foreach (var (code, from, to, _) in characters) text.Append(new Rune(code), from, to);
        text.Commit();
    }

    private bool IsInert(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (c >= _firstChanging && c is not (>= '\u4E00' and <= '\u9FFF')) return false;
        return true;
    }

    private List<(int Code, int From, int To, int Class)> Decompose(TextBuffer text)
    {
        var characters = new List<(int, int, int, int)>(text.Length);
        var parts = new List<int>();
        for (var at = 0; at < text.Length;)
        {
            var size = Characters.UnitsAt(text.Text, at);
            parts.Clear();
            Decompositions.Decompose(Characters.RuneAt(text.Text, at).Value, compatibility, parts);
            foreach (var part in parts) characters.Add((part, at, at + size, Decompositions.ClassOf(part)));
            at += size;
        }

        return characters;
    }

    /// <summary>Sorts each run of marks by its combining class and, within a class, as they came.</summary>
    private static void Order(List<(int Code, int From, int To, int Class)> characters)
    {
        for (var start = 0; start < characters.Count; start++)
        {
            if (characters[start].Class == 0) continue;
            var end = start;
            while (end < characters.Count && characters[end].Class != 0) end++;
            if (end - start > 1)
            {
                var sorted = characters.GetRange(start, end - start).OrderBy(character => character.Class).ToArray(); // stable
                for (var i = 0; i < sorted.Length; i++) characters[start + i] = sorted[i];
            }

            start = end;
        }
    }

    private static void Compose(List<(int Code, int From, int To, int Class)> characters)
    {
        var (starter, kept, lastClass) = (-1, 0, -1);
        for (var i = 0; i < characters.Count; i++)
        {
            var c = characters[i];
            var isBlocked = lastClass >= c.Class && lastClass != -1;
            if (starter >= 0 && !isBlocked && Decompositions.Compose(characters[starter].Code, c.Code) is var composed and >= 0)
            {
                characters[starter] = (composed, characters[starter].From, Math.Max(characters[starter].To, c.To), 0);
                continue;
            }

            if (c.Class == 0) (starter, lastClass) = (kept, -1);
            else lastClass = c.Class;
            characters[kept++] = c;
        }

        characters.RemoveRange(kept, characters.Count - kept);
    }
}
