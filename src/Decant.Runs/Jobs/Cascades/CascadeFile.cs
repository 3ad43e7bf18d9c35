using System.Text.Json;
using Decant.Inference.Cascades;
using Decant.Runs.Cascades;
using Decant.Runs.Jobs.Prediction;

namespace Decant.Runs.Jobs.Cascades;

/// <summary>The answers of student and teacher to the rows of a file.</summary>
internal static class CascadeFile
{
    /// <summary>Of a file of texts, on which both folders are asked.</summary>
    public static IReadOnlyList<CascadeRow> Rows(string student, string teacher, string file, ConfidenceScore score, CancellationToken cancellationToken)
    {
        var areJson = Path.GetExtension(file).ToUpperInvariant() is ".JSONL" or ".NDJSON";
        var ours = Ask(student, file, areJson, cancellationToken);
        var its = Ask(teacher, file, areJson, cancellationToken);
        var labels = PredictLine.OfFile(file).Select(l => areJson ? LabelOf(l.Text) : null).ToArray();
        var lengths = PredictLine.OfFile(file).Select(l => areJson ? TextOf(l.Text).Length : l.Text.Length).ToArray();
        return [.. ours.Select((mine, i) => new CascadeRow(Confidences.Of(score, mine.Probabilities), mine.Label != its[i].Label, labels[i] is { } label ? label != mine.Label : null, lengths[i]))];
    }

    private static List<(string Label, float[] Probabilities)> Ask(string folder, string file, bool areJson, CancellationToken cancellationToken)
    {
        var answers = new List<(string, float[])>();
        var summary = PredictJob.Run(folder, new PredictRequest { AreJson = areJson, ReadAhead = 16 }, PredictLine.OfFile(file), Read, cancellationToken);
        if (summary.Faulty > 0)
            throw new DecantException($"{file}: {summary.Faulty} of {summary.Lines} rows could not be answered by {folder}; the first is {summary.FirstFault}. Take them out.");
        return answers;

        void Read(string line)
        {
            using var json = JsonDocument.Parse(line);
            if (!json.RootElement.TryGetProperty("prediction", out var prediction))
                return; // a faulty line, which is counted
            if (prediction.ValueKind != JsonValueKind.Object || !prediction.TryGetProperty("probabilities", out var probabilities) || !prediction.TryGetProperty("label", out var label))
                throw new DecantException($"{folder}: expected a model that gives one class to a text, came another task: a cascade is chosen for classifiers.");
            answers.Add((label.GetString()!, [.. probabilities.EnumerateObject().Select(p => p.Value.GetSingle())]));
        }
    }

    private static string? LabelOf(string line) => Member(line, "label");

    private static string TextOf(string line) => Member(line, "text") ?? "";

    private static string? Member(string line, string name)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText() : null;
    }
}
