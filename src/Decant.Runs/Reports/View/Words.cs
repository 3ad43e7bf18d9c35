using System.Globalization;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Reports.View;

/// <summary>Numbers and names as people read them; the same on every machine.</summary>
internal static class Words
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A space that does not break, between a number and its unit.</summary>
    public const char Tie = '\u00A0';

    public static string Small(string name) => name.Length == 0 ? name : char.ToLowerInvariant(name[0]) + name[1..];

    public static string Capital(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];

    /// <summary>An arm's name as a heading: "Student", "Teacher bilstm".</summary>
    public static string Arm(string arm) => arm switch
    {
        Arms.AllLabels => "All labels",
        Arms.FromScratch => "From scratch",
        _ => Arms.MemberName(arm) is { } name ? $"{Capital(Arms.Teacher)} {name}" : Capital(arm),
    };

    /// <summary>What a control that does not begin with drawn weights does begin with.</summary>
    public const string StartsFromTeacher = "starts from the teacher’s weights";

    public static string Fixed(double value, int digits) => double.IsFinite(value) ? Minus(value.ToString("F" + digits, Culture)) : "–";

    public static string Percent(double share, int digits = 1) => double.IsFinite(share) ? Fixed(100 * share, digits) + Tie + "%" : "–";

    /// <summary>A difference of shares in percentage points, with its sign.</summary>
    public static string Points(double share, int digits = 1)
    {
        var text = Fixed(100 * share, digits);
        return text.StartsWith('−') || text == "–" || text.All(c => c is '0' or '.') ? text : "+" + text;
    }

    public static string Count(long value) => value.ToString("N0", Culture);

    /// <summary>A large count in three figures: 531 k, 5.31 M.</summary>
    public static string Large(double value) => Scaled(value, 1000, ["", "k", "M", "G", "T", "P"]);

    /// <summary>Bytes in powers of 1000: 21.2 MB.</summary>
    public static string Bytes(double value) => Scaled(value, 1000, ["B", "kB", "MB", "GB", "TB", "PB"]);

    public static string Milliseconds(double value) => value switch
    {
        double.NaN => "–",
        < 1 => Three(1000 * value) + Tie + "µs",
        < 10_000 => Three(value) + Tie + "ms",
        _ => Three(value / 1000) + Tie + "s",
    };

    public static string Duration(double seconds)
    {
        if (seconds is not (>= 0 and <= RunClock.MostSeconds))
            return "–";
        var whole = TimeSpan.FromSeconds(Math.Round(seconds));
        return seconds < 10 ? Three(seconds) + Tie + "s"
            : whole.TotalMinutes < 1 ? $"{whole.Seconds}{Tie}s"
            : whole.TotalHours < 1 ? $"{whole.Minutes}{Tie}min {whole.Seconds}{Tie}s"
            : $"{Math.Floor(whole.TotalHours)}{Tie}h {whole.Minutes}{Tie}min";
    }

    /// <summary>"5.3×": how many times more, two figures below ten.</summary>
    public static string Times(double ratio) => (ratio < 9.95 ? ratio.ToString("0.0", Culture) : ratio.ToString("N0", Culture)) + "×";

    /// <summary>Three significant figures without an exponent.</summary>
    public static string Three(double value) => Math.Abs(value) switch
    {
        0 => "0",
        < 0.001 => value.ToString("0.##E+0", Culture),
        < 0.9995 => value.ToString("0.000", Culture),
        < 9.995 => value.ToString("0.00", Culture),
        < 99.95 => value.ToString("0.0", Culture),
        _ => value.ToString("N0", Culture),
    };

    /// <summary>About how wide a text is, in ems: a Chinese character is as wide as it is high, a Latin letter a little over half.</summary>
    public static double Width(string text) => text.EnumerateRunes().Sum(r => r.Value >= 0x2E80 ? 1.0 : 0.58);

    private static string Scaled(double value, double step, string[] units)
    {
        var unit = 0;
        for (; Math.Abs(value) >= 0.9995 * step && unit < units.Length - 1; unit++)
            value /= step;
        var number = unit == 0 ? value.ToString("0", Culture) : value < 9.995 ? value.ToString("0.00", Culture) : value < 99.95 ? value.ToString("0.0", Culture) : value.ToString("0", Culture);
        return units[unit].Length == 0 ? number : number + Tie + units[unit];
    }

    private static string Minus(string text) => text.StartsWith('-') ? text.Trim('-', '0', '.').Length == 0 ? text[1..] : "−" + text[1..] : text;

    /// <summary>Where a run went on, such as <c>at step 1,200 of the student (seed 3), 21 November 2026, 09:14 UTC</c>.</summary>
    public static string Of(Resumed resumed)
    {
        var where = resumed switch
        {
            { Arm: null } => "between two arms",
            { Step: 0 } => $"at the start of the {resumed.Arm} (seed {resumed.Seed})",
            _ => $"after step {Count(resumed.Step)} of the {resumed.Arm} (seed {resumed.Seed})",
        };
        return resumed.Time == default ? where : where + ", " + resumed.Time.UtcDateTime.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture) + " UTC";
    }
}
