using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Decant.Evaluation.Texts;
using Decant.Files;
using Decant.Runs.Preparing;

namespace Decant.Runs.Comparing;

/// <summary>What a model wrote, as JSON lines: <c>prompt</c>, <c>reference</c>, <c>text</c>, <c>tokens</c>, <c>end</c>.</summary>
internal static class TextsFile
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        IgnoreReadOnlyProperties = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Writes the file as a whole, and its folder where that is missing.</summary>
    public static void Write(string file, WrittenTexts texts)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        AtomicFile.Write(file, stream =>
        {
            foreach (var text in texts.Texts)
            {
                JsonSerializer.Serialize(stream, text, s_json);
                stream.WriteByte((byte)'\n');
            }
        });
    }

    /// <summary>Reads it again; null where it is missing, damaged, or of other prompts.</summary>
    public static WrittenTexts? Read(string file, IReadOnlyList<TestPrompt> prompts)
    {
        try
        {
            using var reader = new StreamReader(RegularFile.Open(file));
            var texts = BoundedLines.Of(reader, file).Select(line => JsonSerializer.Deserialize<WrittenText>(line, s_json) ?? throw new JsonException("a line is null")).ToArray();
            return texts.Select(t => new TestPrompt(t.Prompt, t.Reference)).SequenceEqual(prompts) ? new(texts) : null;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException or DecantException)
        {
            return null;
        }
    }
}
