using Decant.Runs.Reports.Record;

namespace Decant.Runs.Exporting;

/// <summary>The line of C# that uses an exported student.</summary>
internal static class InferenceLine
{
    /// <summary>The line; null where nothing was exported, or no class of Decant.Inference is for the task.</summary>
    /// <param name="record">The run's record.</param>
    /// <param name="root">The run's folder, as a user types it.</param>
    public static string? Of(RunRecord record, string root)
    {
        var export = record.Events.OfType<ExportMeasured>().LastOrDefault(e => e.File?.EndsWith("model_quantized.onnx", StringComparison.Ordinal) is true)
            ?? record.Events.OfType<ExportMeasured>().LastOrDefault(e => e.File is not null);
        var task = record.Events.OfType<RunStarted>().LastOrDefault()?.Task;
        if (export?.File is not { } file || Call(task, record) is not var (type, call))
            return null;
        var form = Path.GetFileNameWithoutExtension(file) is "model" ? "" : $", new() {{ Form = \"{Path.GetFileNameWithoutExtension(file)["model_".Length..]}\" }}";
        var folder = Path.Combine(root, Path.GetDirectoryName(Path.GetDirectoryName(file))!);
        return $"using var model = {type}.Load(\"{folder}\"{form}); var answer = model.{call};";
    }

    private static (string Type, string Call)? Call(string? task, RunRecord record) => task switch
    {
        "classification" when IsImages(record) => ("ImageClassifier", "Classify(pixels)"),
        "classification" => ("TextClassifier", "Classify(text)"),
        "token-classification" => ("TokenTagger", "Tag(text)"),
        "regression" => ("TextPairScorer", "Score(first, second)"),
        "embedding" => ("SentenceEmbedder", "Embed(text)"),
        "causal-lm" => ("TextGenerator", "Generate(prompt)"),
        _ => null,
    };

    private static bool IsImages(RunRecord record) => record.Events.OfType<RunStarted>().Any(r => r.Recipe.Contains("kind: image", StringComparison.Ordinal));
}
