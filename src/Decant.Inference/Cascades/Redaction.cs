using System.Text.RegularExpressions;

namespace Decant.Inference.Cascades;

/// <summary>Takes out of texts what is plainly personal. It knows forms, not meanings: names and addresses stay.</summary>
public static partial class Redaction
{
    /// <summary>Writes <c>[e-mail]</c> for e-mail addresses and <c>[number]</c> for runs of 6 digits or more, with spaces, dots, dashes or brackets between them: telephone, account and card numbers.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The text without them.</returns>
    public static string EmailsAndNumbers(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Number().Replace(Email().Replace(text, "[e-mail]"), "[number]");
    }

    [GeneratedRegex(@"[\p{L}\p{N}._%+\-]+@[\p{L}\p{N}\-]+(?:\.[\p{L}\p{N}\-]+)+", RegexOptions.NonBacktracking)]
    private static partial Regex Email();

    [GeneratedRegex(@"\+?[0-9](?:[ .\-/()]{0,2}[0-9]){5,}", RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
