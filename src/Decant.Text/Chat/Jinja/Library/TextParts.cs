using System.Text;
using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Library;

/// <summary>Cuts texts, and finds parts of them.</summary>
internal static class TextParts
{
    /// <summary>The words between white space.</summary>
    public static IEnumerable<string> Words(string text, int most, bool fromEnd)
    {
        var words = new List<string>();
        var rest = text.Trim(PyText.Spaces);
        while (rest.Length > 0)
        {
            var cut = words.Count == most ? -1 : fromEnd ? rest.LastIndexOfAny(PyText.Spaces) : rest.IndexOfAny(PyText.Spaces);
            if (cut < 0)
            {
                words.Add(words.Count == most && most == 0 ? fromEnd ? text.TrimEnd(PyText.Spaces) : text.TrimStart(PyText.Spaces) : rest);
                break;
            }

            words.Add(fromEnd ? rest[(cut + 1)..] : rest[..cut]);
            rest = fromEnd ? rest[..cut].TrimEnd(PyText.Spaces) : rest[(cut + 1)..].TrimStart(PyText.Spaces);
        }

        if (fromEnd)
            words.Reverse();
        return words;
    }

    /// <summary>The parts between separators.</summary>
    public static IEnumerable<string> Split(string text, string separator, int most, bool fromEnd)
    {
        if (!fromEnd)
            return text.Split(separator, most == int.MaxValue ? most : most + 1);
        var parts = new List<string>();
        for (int cut; parts.Count < most && (cut = text.LastIndexOf(separator, StringComparison.Ordinal)) >= 0; text = text[..cut])
            parts.Add(text[(cut + separator.Length)..]);
        parts.Add(text);
        parts.Reverse();
        return parts;
    }

    /// <summary>What is before a separator, it, and what is behind.</summary>
    public static Sequence Partition(string text, string separator, bool fromEnd)
    {
        if (separator.Length == 0)
            throw new ValueError("partition: the separator is empty.");
        var cut = fromEnd ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        if (cut < 0)
            return new Sequence(fromEnd ? ["", "", text] : [text, "", ""], isTuple: true);
        return new Sequence([text[..cut], separator, text[(cut + separator.Length)..]], isTuple: true);
    }

    /// <summary>Where a part begins, in code points; −1: it is not there.</summary>
    public static long Find(string text, string part, bool fromEnd)
    {
        var unit = fromEnd ? part.Length == 0 ? text.Length : text.LastIndexOf(part, StringComparison.Ordinal) : text.IndexOf(part, StringComparison.Ordinal);
        return unit < 0 ? -1 : PyText.Length(text[..unit]);
    }

    /// <summary>How often a part occurs, without overlap.</summary>
    public static long Count(string text, string part)
    {
        if (part.Length == 0)
            return PyText.Length(text) + 1;
        var count = 0L;
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal))
            count++;
        return count;
    }

    /// <summary>A text with a part replaced; a negative number: everywhere.</summary>
    public static string Replace(RenderState state, string text, string old, string put, long most)
    {
        var times = old.Length == 0 ? PyText.Length(text) + 1L : Count(text, old);
        times = most < 0 ? times : Math.Min(most, times);
        state.SpendOn(text.Length + (times * put.Length));
        if (old.Length > 0 && most < 0)
            return text.Replace(old, put, StringComparison.Ordinal);
        var (made, at) = (new StringBuilder(), 0);
        foreach (var point in old.Length == 0 ? PyText.Points(text) : [])
        {
            made.Append(times-- > 0 ? put : "").Append(point);
            at += point.Length;
        }

        if (old.Length == 0)
            return made.Append(times > 0 ? put : "").ToString();
        for (; times > 0; times--)
        {
            var next = text.IndexOf(old, at, StringComparison.Ordinal);
            made.Append(text, at, next - at).Append(put);
            at = next + old.Length;
        }

        return made.Append(text, at, text.Length - at).ToString();
    }
}
