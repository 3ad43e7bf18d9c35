using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Decant.Runs.Recipes.Writing;

/// <summary>Text as YAML writes it: plain where no reader could take it for anything else, in double quotes otherwise.</summary>
internal static partial class YamlText
{
    /// <summary>Text as a value, in which <c>${</c> would otherwise mean a variable.</summary>
    public static string Value(string text) => Quote(text.Replace("${", "$${", StringComparison.Ordinal));

    public static string Quote(string text)
    {
        if (Plain().IsMatch(text) && !Word().IsMatch(text)) return text;
        var quoted = new StringBuilder(text.Length + 8).Append('"');
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF' => $"\\u{(int)c:x4}",
                _ => c.ToString(CultureInfo.InvariantCulture),
            });
        }

        return quoted.Append('"').ToString();
    }

    // Letters of any script, digits and the signs of file names; a first character that begins nothing else in YAML.
    [GeneratedRegex(@"^[\p{L}_/.$][\p{L}\p{M}\p{Nd}_/.$+@~-]*( [\p{L}\p{Nd}_/.$+@~-]+)*\z")]
    private static partial Regex Plain();

    // What some YAML reader takes for a truth value, nothing or a number.
    [GeneratedRegex(@"^(true|false|yes|no|on|off|y|n|null|~|[-+]?\.(inf|nan)|\.[\d_.e+-]*|---.*|\.\.\..*)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Word();
}
