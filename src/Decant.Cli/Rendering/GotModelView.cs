using System.Text.Json;
using Decant.Runs.Jobs.Fetching;

namespace Decant.Cli.Rendering;

/// <summary>What <c>decant get</c> says at its end.</summary>
internal static class GotModelView
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Files, folder, and how the model is named in a recipe.</summary>
    public static void Write(TextWriter output, GotModel got)
    {
        if (got.Remark is { } remark) output.WriteLine($"note: {remark}.");
        if (got.LacksTokenizer) output.WriteLine("note: it reads texts and has no tokenizer (tokenizer.json, vocab.txt, …), so texts cannot be given to it: a recipe names that of another model with input.tokenizer.");
        var widest = got.Files.Max(f => f.Path.Length);
        foreach (var (path, bytes) in got.Files) output.WriteLine($"  {path.PadRight(widest)}  {DownloadWords.Bytes(bytes),9}");
        var total = got.Files.Sum(f => f.Bytes);
        output.WriteLine(got.Downloaded == 0 && got.IsMade ? $"{DownloadWords.Bytes(total)}, made now of what was here" : got.Downloaded == 0 ? $"{DownloadWords.Bytes(total)}, all of it here before" : $"{DownloadWords.Bytes(total)}, {DownloadWords.Bytes(got.Downloaded)} of it downloaded now");
        output.WriteLine($"in {got.Folder}");
        if (got.Summary is { } summary) output.WriteLine($"{summary}\nIn a recipe: load: \"{got.Address}\"");
    }

    /// <summary>The same for programs.</summary>
    public static void WriteJson(TextWriter output, GotModel got) => output.WriteLine(JsonSerializer.Serialize(
        new { got.Address, got.Folder, got.Summary, got.Downloaded, got.Remark, Files = got.Files.Select(f => new { f.Path, f.Bytes }) }, s_json));
}
