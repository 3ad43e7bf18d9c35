using System.Text.Json;
using Decant.Teachers.Remote.Asking;

namespace Decant.Teachers.Remote.Classifying;

/// <summary>Reads a class and its confidence q from JSON. The class gets q, the others (1 − q) / (C − 1) each.</summary>
internal static class StatedConfidence
{
    private const double Percent = 100;

    /// <summary>The probabilities, or why there are none.</summary>
    /// <param name="text">The answer.</param>
    /// <param name="names">The names of the classes.</param>
    public static (double[]? Probabilities, AbstentionReason? Why) Read(string text, IReadOnlyList<string> names)
    {
        try
        {
            using var json = JsonDocument.Parse(Inside(text));
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("class", out var named))
                return (null, AbstentionReason.NoClass);
            if (named.ValueKind == JsonValueKind.Array)
                return (null, AbstentionReason.SeveralClasses);
            var (found, why) = AnswerText.Read(named.ToString(), names, names);
            if (found is not { } c)
                return (null, why);
            return Confidence(json.RootElement) is { } q ? (Spread(c, q, names.Count), null) : (null, AbstentionReason.NoClass);
        }
        catch (JsonException)
        {
            return (null, AbstentionReason.Prose);
        }
    }

    private static double[] Spread(int c, double q, int classes) => [.. Enumerable.Range(0, classes).Select(i => i == c ? q : (1 - q) / (classes - 1))];

    // Some state a percentage.
    private static double? Confidence(JsonElement of)
    {
        if (!of.TryGetProperty("confidence", out var said) || said.ValueKind != JsonValueKind.Number || !said.TryGetDouble(out var q))
            return null;
        q = q is > 1 and <= Percent ? q / Percent : q;
        return q is >= 0 and <= 1 ? q : null;
    }

    // Without the fence that some put around JSON.
    private static string Inside(string text)
    {
        var (first, last) = (text.IndexOf('{', StringComparison.Ordinal), text.LastIndexOf('}'));
        return text.TrimStart().StartsWith("```", StringComparison.Ordinal) && first >= 0 && last > first ? text[first..(last + 1)] : text;
    }
}
