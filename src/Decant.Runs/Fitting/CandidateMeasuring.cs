using Decant.Compression.Quantization;
using Decant.Evaluation;
using Decant.Export.Onnx.Running;
using Decant.Models.FromTeacher;
using Decant.Modules;
using Decant.Runs.Exporting;
using Decant.Runs.Preparing;

namespace Decant.Runs.Fitting;

/// <summary>Exports candidates, as they are before they are trained, and times them: what they learn changes neither size nor speed.</summary>
/// <param name="catalog">Names the forms.</param>
/// <param name="data">The data, of which one sample is answered.</param>
/// <param name="teacher">The model that they are parts of.</param>
internal sealed class CandidateMeasuring(Catalog catalog, PreparedData data, Model teacher)
{
    private const int Calibrated = 32; // ranges change no size

    private static readonly LatencyOptions s_rounds = new() { WarmUpRounds = 10, MinimumRounds = 30, Budget = TimeSpan.FromSeconds(1) };

    private readonly Dictionary<Candidate, CandidateFigures> _measured = [];

    /// <summary>What was measured so far.</summary>
    public IReadOnlyDictionary<Candidate, CandidateFigures> Measured => _measured;

    /// <summary>The figures of a candidate, measured when they are asked for first.</summary>
    /// <exception cref="DecantException">It cannot be exported.</exception>
    public CandidateFigures Of(Candidate candidate, CancellationToken cancellationToken)
    {
        if (_measured.TryGetValue(candidate, out var known))
            return known;
        using var model = StudentFromTeacher.Make(teacher, candidate.Part with { Importance = UnitImportance.First, Choose = LayerChoice.Uniform, Calibration = null });
        model.Eval();
        var folder = Directory.CreateTempSubdirectory("decant-fit-").FullName;
        try
        {
            var signature = ExportedSignature.Of(model, data);
            var samples = candidate.Form is StaticInt8 ? CalibrationSamples.Of(data, signature, Calibrated) : null;
            var file = new ModelExporter(catalog.Kinds, folder).Write(model, signature, candidate.Form is { } form ? [form] : [], samples, cancellationToken: cancellationToken)[^1];
            using var session = OnnxSession.Open(file.Path, new OnnxSessionSettings { Threads = 1 });
            var time = new LatencyProbe(s_rounds).Time([session.Prepared(ExportSamples.Typical(data, signature))], cancellationToken)[0].P50;
            return _measured[candidate] = new CandidateFigures(model.ParameterCount, file.Bytes, time);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
