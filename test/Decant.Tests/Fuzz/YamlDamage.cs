using System.Text;

namespace Decant.Tests.Fuzz;

/// <summary>Changes of YAML: values of other types, keys that stand twice, indentation, anchors, aliases, tags, flow collections, depth, several documents.</summary>
internal static class YamlDamage
{
    private static readonly string[] s_values =
    [
        "null", "~", "", "true", "yes", "-1", "0", "1e308", "1e999", ".nan", ".inf", "2147483648", "9223372036854775808", "0x1F", "1_000", "[]", "{}", "[null]", "[1, a, {}]", "{a: b}",
        "!!binary aGk=", "!!python/object:os.system x", "!foo bar", "*nowhere", "&a [*a, *a]", "&b x", "*b", "<<", "${HOME}", "${}", "${NOBODY_SETS_THIS}", "${", "'", "\"", "\"\\ud800\"",
        "|", ">-", "? a", "- - - 1", ": 16", "- : 16", "@", "`", "%", "\t", "\0", "\u0085", "\u2028", "\uFFFE", "../../../../etc/passwd", "/dev/zero", "[[[[[[[[[[", "{{{{{{{{{{",
        "a: b: c", "1:2:3", "2026-01-01", "[1, 2", "{a: 1, a: 2}", "\"\\x\"", "'''", "#", "---", "...", "--- !x", "%YAML 9.9", "%TAG ! tag:x,2000:",
    ];

    private static readonly string s_deep = new string('[', 3000);
    private static readonly string s_laughs = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]";

    /// <summary>One to four changes of lines; now and then of bytes.</summary>
    public static byte[] Of(byte[] good, byte[] other, Random random)
    {
        var lines = Encoding.UTF8.GetString(good).Split('\n').ToList();
        for (var n = random.Next(3) == 0 ? random.Next(2, 5) : 1; n > 0; n--)
            Change(lines, other, random);
        var bytes = Encoding.UTF8.GetBytes(string.Join('\n', lines));
        return random.Next(6) == 0 ? ByteDamage.Of(bytes, other, random, 0, bytes.Length) : bytes;
    }

    private static void Change(List<string> lines, byte[] other, Random random)
    {
        var at = random.Next(lines.Count);
        var line = lines[at];
        var value = s_values[random.Next(s_values.Length)];
        switch (random.Next(12))
        {
            case 0:
                lines.Insert(at, line);
                break;
            case 1 when lines.Count > 1:
                lines.RemoveAt(at);
                break;
            case 2:
                lines[at] = new string(' ', random.Next(7)) + line.TrimStart();
                break;
            case 3:
                lines.Insert(at, new string(' ', random.Next(5)) + value);
                break;
            case 4:
                lines[at] = line + " " + value;
                break;
            case 5:
                var theirs = Encoding.UTF8.GetString(other).Split('\n');
                lines.Insert(at, theirs[random.Next(theirs.Length)]);
                break;
            case 6 when random.Next(4) == 0:
                lines.Insert(at, random.Next(2) == 0 ? $"deep: {s_deep}" : s_laughs);
                break;
            case 7:
                lines[at] = line.Replace(": ", $": {value} ", StringComparison.Ordinal);
                break;
            default:
                Value(lines, at, value);
                break;
        }
    }

    private static void Value(List<string> lines, int at, string value)
    {
        var line = lines[at];
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        var end = colon < 0 ? -1 : line.AsSpan(colon).IndexOfAny(",}#") is var stop and >= 0 ? colon + stop : line.Length;
        lines[at] = colon < 0 ? value : line[..(colon + 2)] + value + line[end..];
    }
}
