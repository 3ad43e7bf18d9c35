using Decant.Compression.Quantization;
using Decant.Export.Onnx;
using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Running;
using Decant.Export.Onnx.Signatures;
using Decant.Modules;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Kinds;

namespace Decant.Runs.Exporting;

/// <summary>Writes a model's ONNX files: in float32, checked against the model, and in each form that is wanted.</summary>
/// <param name="kinds">Names the forms.</param>
/// <param name="folder">The folder of the model; the files lie in <c>onnx</c> in it.</param>
internal sealed class ModelExporter(IKindRegistry kinds, string folder)
{
    /// <summary>What a model that is not compressed is called.</summary>
    public const string Float32 = "float32";

    private const int Compared = 8; // batches of real data that the file is compared on

    /// <summary>Writes them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="signature">How it is called.</param>
    /// <param name="forms">How it is compressed, each a file of its own.</param>
    /// <param name="samples">Batches of real data; null: there are none.</param>
    /// <param name="ranges">The ranges that the model learned with for static int8; null: they are found from the samples.</param>
    /// <param name="notify">Gets a line before each file.</param>
    /// <param name="cancellationToken">Stops between files, and a calibration between samples.</param>
    /// <exception cref="DecantException">The model cannot be exported, a form has no meaning for it or needs samples, or two forms are of one kind. Of that form nothing is written.</exception>
    public IReadOnlyList<ExportedFile> Write(
        Model model, GraphSignature signature, IReadOnlyList<QuantizationOptions> forms, IReadOnlyList<IReadOnlyDictionary<string, OnnxArray>>? samples, KnownRanges? ranges = null, Action<string>? notify = null, CancellationToken cancellationToken = default)
    {
        RequireDistinct(forms);
        if (samples is null && ranges is null && forms.OfType<StaticInt8>().Any())
        {
            throw new DecantException(
                $"Static {NameOf(forms.OfType<StaticInt8>().First())} finds the ranges of activations from samples, and none are at hand: export the model of a run, give its recipe with --recipe, or choose {NameOf(new DynamicInt8())}, which needs none.");
        }

        using var near = new OnCpu(model);
        var graph = OnnxGraph.Of(model, signature);
        notify?.Invoke($"float32 → {OnnxFiles.Float32}");
        _ = VerifiedFile.Write(PathOf(null), graph, session => OnnxVerification.Run(session, model, signature, samples?.Take(Compared)));
        var files = new List<ExportedFile> { Describe(null, []) };
        foreach (var form in forms)
        {
            cancellationToken.ThrowIfCancellationRequested();
            notify?.Invoke($"{NameOf(form)} → {OnnxFiles.Of(form)}");
            var known = form is StaticInt8 ? ranges : null;
            var quantized = OnnxQuantizer.Quantize(graph, known?.FormFor((StaticInt8)form) ?? form, samples, known, cancellationToken);
            _ = VerifiedFile.Write(PathOf(form), quantized.Model, session => session.Outputs.Count);
            files.Add(Describe(form, known is null ? quantized.Report.Notes : [.. quantized.Report.Notes, "the ranges of activations are those that the student learned with"]));
        }

        return files;
    }

    /// <summary>What a form is called: its kind, and the format or the bits where a kind has several.</summary>
    public string NameOf(QuantizationOptions? form) => form switch
    {
        null => Float32,
        HalfWeights half => half.Format.ToString().ToLowerInvariant(),
        BlockInt blocks => FormattableString.Invariant($"int{blocks.Bits} weights"),
        _ => kinds.KindOf(Sections.Quantization, form),
    };

    private void RequireDistinct(IReadOnlyList<QuantizationOptions> forms)
    {
        if (forms.GroupBy(OnnxFiles.Of, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new DecantException($"Two forms would be written to {twice.Key} ({string.Join(", ", twice.Select(NameOf))}); give one of them.");
    }

    private string PathOf(QuantizationOptions? form) => Path.Combine(folder, OnnxFiles.Of(form));

    private ExportedFile Describe(QuantizationOptions? form, IReadOnlyList<string> notes)
    {
        var path = PathOf(form);
        var beside = new FileInfo(Path.Combine(Path.GetDirectoryName(path)!, OnnxFile.DataName(path)));
        return new ExportedFile(NameOf(form), path, new FileInfo(path).Length + (beside.Exists ? beside.Length : 0), form, notes);
    }
}
