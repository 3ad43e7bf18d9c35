using Decant.Export;
using Decant.Export.Gguf;
using Decant.Export.Gguf.Format;
using Decant.LLama;
using Decant.Modules;
using Decant.Runs.Exporting;
using Decant.Runs.Hardware;
using Decant.Runs.Preparing;
using Decant.Text;
using Decant.Text.Files;

namespace Decant.Runs.Jobs.Exporting;

/// <summary>What was written.</summary>
/// <param name="Folder">Where the files lie.</param>
/// <param name="Files">The files, in the order that they were asked for.</param>
internal sealed record GgufExportResult(string Folder, IReadOnlyList<ExportedGguf> Files);

/// <summary>A file that was written.</summary>
/// <param name="Name">Its name in the folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Closeness">How close its answers in llama.cpp are to the model's.</param>
/// <param name="Notes">What a user must know of it; may be empty.</param>
internal sealed record ExportedGguf(string Name, long Bytes, string Closeness, IReadOnlyList<string> Notes);

/// <summary>Exports a trained model to GGUF files, for llama.cpp and what is built on it.</summary>
internal static class GgufExportJob
{
    private const string Ending = ".gguf";

    /// <summary>The names of the forms, as llama.cpp's tools have them: how weights are stored, and llama.cpp's own name where it quantizes them itself.</summary>
    private static readonly Dictionary<string, (GgufWeights Weights, string? Quantized)> s_forms = new(StringComparer.Ordinal)
    {
        ["f16"] = (GgufWeights.F16, null),
        ["q8_0"] = (GgufWeights.Q8, null),
        ["q4_0"] = (GgufWeights.Q4, null),
        ["f32"] = (GgufWeights.F32, null),
        ["q4_k_m"] = (GgufWeights.F32, "Q4_K_M"),
        ["q5_k_m"] = (GgufWeights.F32, "Q5_K_M"),
        ["q6_k"] = (GgufWeights.F32, "Q6_K"),
    };

    /// <summary>The names of the forms.</summary>
    public static IEnumerable<string> Forms => s_forms.Keys;

    /// <summary>Exports a model.</summary>
    /// <param name="model">A model's folder, or a run's (its student).</param>
    /// <param name="forms">How weights are stored, a file each; none: in float16.</param>
    /// <param name="output">A file that ends in <c>.gguf</c>, for one form, or a folder; null: <c>gguf</c> in the model's own. A file that is there is replaced in the model's own folder alone.</param>
    /// <param name="cancellationToken">Stops between tensors.</param>
    /// <exception cref="DecantException">The model or its tokenizer cannot be said in a GGUF file, there is no such form, a file is there already, or llama.cpp gives other answers than the model.</exception>
    public static GgufExportResult Run(string model, IReadOnlyList<string> forms, string? output = null, CancellationToken cancellationToken = default)
    {
        var path = EvaluateJob.ModelPath(model);
        string[] names = forms.Count == 0 ? ["f16"] : [.. forms.Distinct().Select(Form)];
        if (!TokenizerFile.Exists(path))
            throw new DecantException($"{path} has no tokenizer, and a GGUF file holds one: put the tokenizer's files beside the model.");
        var files = Targets(path, output, names);
        MachineFacts.Prepare(null);
        using var loaded = ModelFolder.Load(path);
        var (tokenizer, chat) = (TokenizerFile.Load(path), ChatTemplates.Of(path));
        var written = new List<ExportedGguf>();
        foreach (var (file, name) in files.Zip(names))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var (weights, quantized) = s_forms[name];
            var options = new GgufExportOptions { Weights = weights, Name = NameOf(model), ChatTemplate = chat.Main, NamedChatTemplates = chat.Named };
            var report = quantized is null ? GgufExport.Save(file, loaded, tokenizer, options, cancellationToken) : Quantized(file, quantized, loaded, tokenizer, options, cancellationToken);
            written.Add(new(Path.GetFileName(file), report.Bytes, Verified(file, quantized is null ? weights : null, loaded, tokenizer), report.Notes));
        }

        return new(Path.GetDirectoryName(files[0])!, written);
    }

    // llama.cpp quantizes a file in float32, which is not kept, and writes under another name: what was there stays if it fails.
    private static GgufExportReport Quantized(string file, string type, Model model, ITokenizer tokenizer, GgufExportOptions options, CancellationToken cancellationToken)
    {
        var (whole, made) = ($"{file}.{Guid.NewGuid():N}.f32.tmp", $"{file}.{Guid.NewGuid():N}.tmp");
        try
        {
            var report = GgufExport.Save(whole, model, tokenizer, options, cancellationToken);
            LlamaQuantization.Run(whole, made, type);
            File.Move(made, file, overwrite: true);
            return new(file, new FileInfo(file).Length, [.. report.Notes, TypesOf(file)]);
        }
        finally
        {
            File.Delete(whole);
            File.Delete(made);
        }
    }

    // Rows that its blocks do not divide, and some matrices on purpose, are stored in other ways than the name says.
    private static string TypesOf(string file) => "matrices by how llama.cpp stored them: " + string.Join(
        ", ", GgufFile.Open(file).Tensors.Values.Where(t => t.Shape.Count > 1).GroupBy(t => t.Type.Name).OrderByDescending(g => g.Count()).Select(g => $"{g.Count()} in {g.Key}"));

    // A file that answers in other ways is not left behind.
    private static string Verified(string file, GgufWeights? weights, Model model, ITokenizer tokenizer)
    {
        try
        {
            return GgufVerification.Run(file, weights, model, tokenizer);
        }
        catch
        {
            File.Delete(file);
            throw;
        }
    }

    private static string Form(string name) => s_forms.ContainsKey(name) ? name : throw new DecantException($"--quantize: there is no form '{name}' of GGUF files; expected {string.Join(", ", Forms)}.");

    // The name that programs show: of a run the run's, of a model its folder's.
    private static string NameOf(string model) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(model)));

    private static string[] Targets(string path, string? output, string[] names)
    {
        if (output?.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) == true)
        {
            if (names.Length > 1)
                throw new DecantException($"--out {output} is one file, and {names.Length} forms are asked for: name a folder.");
            return [Free(Path.GetFullPath(output))];
        }

        var folder = output is null ? Path.Combine(path, "gguf") : Path.GetFullPath(output);
        string[] files = [.. names.Select(name => Path.Combine(folder, $"model-{name.ToUpperInvariant()}{Ending}"))];
        return output is null ? files : [.. files.Select(Free)];
    }

    private static string Free(string file) => Path.Exists(file) ? throw new DecantException($"{file} is there already; name another with --out, or delete it.") : file;
}
