using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Decant.Teachers.Remote.Synthesizing;

namespace Decant.Runs.Jobs.Synthesizing;

/// <summary>Rows as the bytes of a file.</summary>
internal static class RowWriter
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether a file is of JSON lines by its ending.</summary>
    public static bool IsJson(string file) => Path.GetExtension(file).ToLowerInvariant() is ".jsonl" or ".ndjson";

    /// <summary>UTF-8 with LF: the columns <c>text</c> and, with classes, <c>label</c>.</summary>
    public static byte[] Bytes(string file, IReadOnlyList<SyntheticRow> rows, bool hasClasses)
    {
        var text = new StringBuilder(IsJson(file) ? "" : hasClasses ? "text,label\n" : "text\n");
        foreach (var row in rows)
        {
            text.Append(IsJson(file)
                ? JsonSerializer.Serialize(hasClasses ? new { text = row.Text, label = row.Class } : (object)new { text = row.Text }, s_json)
                : hasClasses ? $"{Field(row.Text)},{Field(row.Class!)}" : Field(row.Text)).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Field(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 && text.Trim() == text ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
