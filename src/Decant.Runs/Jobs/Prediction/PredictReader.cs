using System.Text.Json;
using Decant.Data;
using Decant.Models.Configuration;

namespace Decant.Runs.Jobs.Prediction;

/// <summary>Makes samples of lines, by the task.</summary>
/// <param name="task">The model's task.</param>
/// <param name="areJson">Whether lines are JSON objects.</param>
/// <param name="needsPairs">Whether the model was trained on pairs of texts and on nothing else.</param>
internal sealed class PredictReader(ModelTask task, bool areJson, bool needsPairs = false)
{
    private static readonly string[] s_inputs = ["text", "pair", "words"];
    private static readonly string[] s_answers = ["prediction", "truncated", "error"];

    private bool TakesPairs => task is ModelTask.Classification or ModelTask.MultiLabel or ModelTask.Regression or ModelTask.Embedding;

    public PredictInput Read(PredictLine line)
    {
        if (line.Fault is { } fault)
            return PredictInput.Wrong(fault);
        if (string.IsNullOrWhiteSpace(line.Text))
            return PredictInput.Wrong("the line is empty");
        return areJson ? FromJson(line.Text) : FromText(line.Text);
    }

    private PredictInput FromText(string line)
    {
        if (task == ModelTask.TokenClassification)
            return new([], new WordsContent(Words(line)), null);
        var parts = TakesPairs ? line.Split('\t') : [line];
        return parts.Length > 2
            ? PredictInput.Wrong($"expected a text, or two with a tab between, came {parts.Length}; take the other tabs out, or give JSON lines (--jsonl)")
            : Content(parts[0], parts.Length == 2 ? parts[1] : null, []);
    }

    private PredictInput FromJson(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement.Clone();
            if (root.ValueKind != JsonValueKind.Object)
                return PredictInput.Wrong($"expected a JSON object with a 'text', came {Shown(root)}");
            var fields = root.EnumerateObject().Where(p => !s_inputs.Contains(p.Name)).ToArray();
            if (fields.FirstOrDefault(p => s_answers.Contains(p.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } taken)
                return PredictInput.Wrong($"the field '{taken.Name}' is what a part of the answer is called; rename it", [.. fields.Where(p => !s_answers.Contains(p.Name))]);
            return FromObject(root, fields);
        }
        catch (JsonException error)
        {
            return PredictInput.Wrong($"character {error.BytePositionInLine + 1}: this is not JSON, one object per line");
        }
        catch (InvalidOperationException)
        {
            return PredictInput.Wrong("a text has half of a surrogate pair, which is no character");
        }
    }

    private PredictInput FromObject(JsonElement root, IReadOnlyList<JsonProperty> fields)
    {
        if (task == ModelTask.TokenClassification && root.TryGetProperty("words", out var words))
        {
            return words.ValueKind == JsonValueKind.Array && words.GetArrayLength() > 0 && words.EnumerateArray().All(w => w.ValueKind == JsonValueKind.String && w.GetString()!.Length > 0)
                ? new(fields, new WordsContent([.. words.EnumerateArray().Select(w => w.GetString()!)]), null)
                : PredictInput.Wrong($"'words' must be a list of words, came {Shown(words)}", fields);
        }

        if (!root.TryGetProperty("text", out var text))
            return PredictInput.Wrong($"the object has no field 'text'{(task == ModelTask.TokenClassification ? " and no 'words'" : "")}", fields);
        if (text.ValueKind != JsonValueKind.String)
            return PredictInput.Wrong($"'text' must be a string, came {Shown(text)}", fields);
        if (!root.TryGetProperty("pair", out var pair) || pair.ValueKind == JsonValueKind.Null)
            return Content(text.GetString()!, null, fields);
        if (!TakesPairs)
            return PredictInput.Wrong("'pair' is for classification, regression and embedding; this model reads one text", fields);
        return pair.ValueKind == JsonValueKind.String
            ? Content(text.GetString()!, pair.GetString(), fields)
            : PredictInput.Wrong($"'pair' must be a string, came {Shown(pair)}", fields);
    }

    private PredictInput Content(string text, string? pair, IReadOnlyList<JsonProperty> fields)
    {
        if (string.IsNullOrWhiteSpace(text) || pair?.Trim().Length == 0)
            return PredictInput.Wrong(pair is null ? "the text is empty" : "one of the two texts is empty", fields);
        if (needsPairs && pair is null)
            return PredictInput.Wrong("this model was trained on pairs of texts, and this is one text; give both, with a tab between, or as 'text' and 'pair' of a JSON line", fields);
        return new(fields, task == ModelTask.TokenClassification ? new WordsContent(Words(text)) : new TextContent(text, pair), null);
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static string Shown(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length > 40 ? text[..40] + "…" : text;
    }
}
