using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Decant.Runs.Reports.Html.Elements;

/// <summary>A piece of HTML that is safe to put into a page.</summary>
/// <remarks>Made from interpolated strings: the literal parts are ours and stay as they are, every value put into them is escaped.</remarks>
internal readonly struct Markup
{
    private readonly string? _html;

    private Markup(string html) => _html = html;

    public static Markup Empty => default;

    public bool IsEmpty => string.IsNullOrEmpty(_html);

    /// <summary>HTML with escaped holes: <c>Markup.Of($"&lt;td&gt;{name}&lt;/td&gt;")</c>.</summary>
    public static Markup Of(MarkupBuilder html) => new(html.ToString());

    /// <summary>Text, escaped.</summary>
    public static Markup Text(string? text) => new(Escape(text));

    /// <summary>A constant of our own source, such as the style sheet; never anything that was read.</summary>
    public static Markup Trusted(string html) => new(html);

    /// <summary>One after the other.</summary>
    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(p => p._html)));

    public override string ToString() => _html ?? "";

    /// <summary>Text for content and quoted attributes; characters that HTML does not allow become U+FFFD.</summary>
    public static string Escape(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        var html = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes()) // half a surrogate pair comes out as U+FFFD
            html.Append(rune.Value switch
            {
                '<' => "&lt;",
                '>' => "&gt;",
                '&' => "&amp;",
                '"' => "&quot;",
                '\'' => "&#39;",
                '\t' or '\n' => rune.ToString(),
                '\r' => "",
                < 0x20 or (>= 0x7F and < 0xA0) or 0xFFFE or 0xFFFF => "\uFFFD",
                _ => rune.ToString(),
            });
        return html.ToString();
    }
}

/// <summary>Builds a <see cref="Markup"/> from an interpolated string.</summary>
[InterpolatedStringHandler]
internal readonly struct MarkupBuilder(int literalLength, int formattedCount)
{
    private readonly StringBuilder _html = new(literalLength + 16 * formattedCount);

    public void AppendLiteral(string html) => _html.Append(html);

    public void AppendFormatted(string? text) => _html.Append(Markup.Escape(text));

    public void AppendFormatted(Markup html) => _html.Append(html.ToString());

    public void AppendFormatted(IEnumerable<Markup> parts)
    {
        foreach (var part in parts)
            _html.Append(part.ToString());
    }

    public void AppendFormatted(long number) => _html.Append(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A coordinate: two decimals are a hundredth of a pixel.</summary>
    public void AppendFormatted(double number) =>
        _html.Append(double.IsFinite(number) ? Math.Round(number, 2).ToString("0.##", CultureInfo.InvariantCulture) : "0");

    public override string ToString() => _html.ToString();
}
