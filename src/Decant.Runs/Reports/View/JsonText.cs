using System.Text.Encodings.Web;
using System.Text.Json;

namespace Decant.Runs.Reports.View;

/// <summary>Results as JSON for programs: indented, keys in snake_case, letters of any script as they are.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>All public properties of a result.</summary>
    public static string Of<T>(T result) => JsonSerializer.Serialize(result, s_options);
}
