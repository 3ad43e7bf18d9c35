using System.Globalization;
using System.Text;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Library;

/// <summary>Times as <c>strftime</c> writes them, with English names.</summary>
internal static class DateText
{
    /// <summary>A time in a form.</summary>
    /// <exception cref="ValueError">The form has a place that is not served.</exception>
    public static string Of(DateTimeOffset time, string form)
    {
        var text = new StringBuilder();
        for (var i = 0; i < form.Length; i++)
            text.Append(form[i] != '%' ? form[i].ToString() : ++i < form.Length ? Place(time, form, ref i) : throw Unserved("%"));
        return text.ToString();
    }

    private static string Place(DateTimeOffset time, string form, ref int i)
    {
        if (form[i] != '-' || i + 1 == form.Length)
            return Place(time, form[i]);
        return Place(time, form[++i]) is { Length: > 1 } padded && padded.All(char.IsAsciiDigit) ? padded.TrimStart('0').PadLeft(1, '0') : Place(time, form[i]);
    }

    private static string Place(DateTimeOffset time, char kind) => kind switch
    {
        'd' => Written(time, "dd"),
        'e' => Written(time, "%d").PadLeft(2),
        'm' => Written(time, "MM"),
        'b' or 'h' => Written(time, "MMM"),
        'B' => Written(time, "MMMM"),
        'a' => Written(time, "ddd"),
        'A' => Written(time, "dddd"),
        'y' => Written(time, "yy"),
        'Y' => Written(time, "yyyy"),
        'H' => Written(time, "HH"),
        'I' => Written(time, "hh"),
        'M' => Written(time, "mm"),
        'S' => Written(time, "ss"),
        'p' => Written(time, "tt"),
        'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        'F' => Written(time, "yyyy-MM-dd"),
        'T' => Written(time, "HH:mm:ss"),
        'D' => time.ToString("MM'/'dd'/'yy", CultureInfo.InvariantCulture),
        'u' => (time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'w' => ((int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'n' => "\n",
        't' => "\t",
        '%' => "%",
        'z' or 'Z' => "", // of a time without a zone, which Python's now() gives
        _ => throw Unserved($"%{kind}"),
    };

    private static string Written(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);

    private static ValueError Unserved(string place) => new($"strftime_now: '{place}' is not served; served are %d %e %m %b %B %a %A %y %Y %H %I %M %S %p %j %F %T %D %u %w and %%.");
}
