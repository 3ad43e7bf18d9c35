using System.Text;

namespace Decant.Tests.Cli;

/// <summary>What differs between two texts, line by line and in order: <c>- </c> gone, <c>+ </c> new, with some lines around each change.</summary>
internal static class LineDiff
{
    private const int Around = 2;

    public static string Of(string before, string after)
    {
        var lines = Lines(before.Split('\n'), after.Split('\n'));
        var shown = new bool[lines.Count];
        for (var i = 0; i < lines.Count; i++)
            if (lines[i].Mark != ' ')
                Array.Fill(shown, true, Math.Max(0, i - Around), Math.Min(lines.Count, i + Around + 1) - Math.Max(0, i - Around));
        var text = new StringBuilder();
        var line = 1;       // of the text before
        for (var i = 0; i < lines.Count; i++)
        {
            if (shown[i] && i > 0 && !shown[i - 1])
                text.Append("@ line ").Append(line).Append('\n');
            if (shown[i])
                text.Append(lines[i].Mark).Append(' ').Append(lines[i].Text).Append('\n');
            if (lines[i].Mark != '+')
                line++;
        }

        return text.ToString();
    }

    /// <summary>By the longest common subsequence of what stands between the common beginning and the common end.</summary>
    private static List<(char Mark, string Text)> Lines(string[] before, string[] after)
    {
        var shorter = Math.Min(before.Length, after.Length);
        var start = 0;
        while (start < shorter && before[start] == after[start]) start++;
        var end = 0;
        while (end < shorter - start && before[^(end + 1)] == after[^(end + 1)]) end++;
        return
        [
            .. before[..start].Select(l => (' ', l)),
            .. Changed(before[start..^end], after[start..^end]),
            .. before[^end..].Select(l => (' ', l)),
        ];
    }

    private static IEnumerable<(char Mark, string Text)> Changed(string[] before, string[] after)
    {
        var common = new int[before.Length + 1, after.Length + 1];         // [i, j]: of before[i..] and after[j..]
        for (var i = before.Length - 1; i >= 0; i--)
            for (var j = after.Length - 1; j >= 0; j--)
                common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        var (b, a) = (0, 0);
        while (b < before.Length || a < after.Length)
        {
            if (b < before.Length && a < after.Length && before[b] == after[a])
            {
                yield return (' ', before[b++]);
                a++;
            }
            else if (a == after.Length || (b < before.Length && common[b + 1, a] >= common[b, a + 1])) yield return ('-', before[b++]);
            else yield return ('+', after[a++]);
        }
    }
}
