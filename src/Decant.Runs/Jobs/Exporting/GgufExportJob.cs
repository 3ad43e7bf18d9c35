using Decant.Export;
using Decant.Export.Gguf;
using Decant.Runs.Exporting;
using Decant.Runs.Hardware;
using Decant.Text.Files;

namespace Decant.Runs.Jobs.Exporting;

/// <summary>What was written.</summary>
/// <param name="Folder">Where the files lie.</param>
/// <param name="Files">The files, in the order that they were asked for.</param>
internal sealed record GgufExportResult(string Folder, IReadOnlyList<GgufExportReport> Files);

/// <summary>Exports a trained model to GGUF files, for llama.cpp and what is built on it.</summary>
internal static class GgufExportJob
{
    private const string Ending = ".gguf";

    /// <summary>The names of the forms, as llama.cpp's tools have them.</summary>
    public static IReadOnlyDictionary<string, GgufWeights> Forms { get; } = new Dictionary<string, GgufWeights>(StringComparer.Ordinal) { ["f16"] = GgufWeights.F16, ["q8_0"] = GgufWeights.Q8, ["q4_0"] = GgufWeights.Q4, ["f32"] = GgufWeights.F32 };

    /// <summary>Exports a model.</summary>
    /// <param name="model">A model's folder, or a run's (its student).</param>
    /// <param name="forms">How weights are stored, a file each; none: in float16.</param>
    /// <param name="output">A file that ends in <c>.gguf</c>, for one form, or a folder; null: <c>gguf</c> in the model's own. A file that is there is replaced in the model's own folder alone.</param>
    /// <param name="cancellationToken">Stops between tensors.</param>
    /// <exception cref="DecantException">The model or its tokenizer cannot be said in a GGUF file, there is no such form, or a file is there already.</exception>
    public static GgufExportResult Run(string model, IReadOnlyList<string> forms, string? output = null, CancellationToken cancellationToken = default)
    {
        var path = EvaluateJob.ModelPath(model);
        GgufWeights[] weights = forms.Count == 0 ? [GgufWeights.F16] : [.. forms.Distinct().Select(Form)];
        if (!TokenizerFile.Exists(path))
            throw new DecantException($"{path} has no tokenizer, and a GGUF file holds one: put the tokenizer's files beside the model.");
        var files = Targets(path, output, weights);
        MachineFacts.Prepare(null);
        using var loaded = ModelFolder.Load(path);
        var (tokenizer, chat) = (TokenizerFile.Load(path), ChatTemplates.Of(path));
        var written = new List<GgufExportReport>();
        foreach (var (file, form) in files.Zip(weights))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            written.Add(GgufExport.Save(file, loaded, tokenizer, new() { Weights = form, Name = NameOf(model), ChatTemplate = chat.Main, NamedChatTemplates = chat.Named }, cancellationToken));
        }

        return new(Path.GetDirectoryName(files[0])!, written);
    }

    private static GgufWeights Form(string name) => Forms.TryGetValue(name, out var form)
        ? form : throw new DecantException($"--quantize: there is no form '{name}' of GGUF files; expected {string.Join(", ", Forms.Keys)}.");

    // The name that programs show: of a run the run's, of a model its folder's.
    private static string NameOf(string model) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(model)));

    private static string[] Targets(string path, string? output, GgufWeights[] weights)
    {
        if (output?.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) == true)
        {
            if (weights.Length > 1)
                throw new DecantException($"--out {output} is one file, and {weights.Length} forms are asked for: name a folder.");
            return [Free(Path.GetFullPath(output))];
        }

        var folder = output is null ? Path.Combine(path, "gguf") : Path.GetFullPath(output);
        string[] files = [.. weights.Select(form => Path.Combine(folder, $"model-{Forms.First(f => f.Value == form).Key.ToUpperInvariant()}{Ending}"))];
        return output is null ? files : [.. files.Select(Free)];
    }

    private static string Free(string file) => Path.Exists(file) ? throw new DecantException($"{file} is there already; name another with --out, or delete it.") : file;
}
