using Decant.Evaluation;
using Decant.Export.Onnx.Running;
using Decant.Export.Onnx.Signatures;
using Decant.Runs.Preparing;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Exporting;

/// <summary>How fast a file is in ONNX Runtime.</summary>
/// <param name="OneThread">With one thread.</param>
/// <param name="AllThreads">With all of the machine; null where it has one.</param>
/// <param name="Threads">How many these are.</param>
/// <param name="Cold">The first answer.</param>
internal sealed record ExportSpeed(LatencyResult OneThread, LatencyResult? AllThreads, int Threads, ColdStart Cold)
{
    /// <summary>Measures files in turn, on one sample of middle length and on batches of 32 of the test split.</summary>
    /// <param name="files">The files, and how each is called.</param>
    /// <param name="data">The data.</param>
    /// <param name="rounds">Rounds at most; 0: as few as a median needs.</param>
    /// <param name="cancellationToken">Stops between rounds.</param>
    public static IReadOnlyList<ExportSpeed> Measure(IReadOnlyList<(string Path, GraphSignature Signature)> files, PreparedData data, int rounds, CancellationToken cancellationToken)
    {
        var inputs = files.Select(f => (One: ExportSamples.Typical(data, f.Signature), Many: ExportSamples.Many(data, f.Signature, LatencyProbe.BatchSize))).ToArray();
        var cold = files.Zip(inputs, (f, i) => ColdStart.Measure(f.Path, i.One)).ToArray();
        var threads = Environment.ProcessorCount;
        var one = Time(1);
        var all = threads > 1 ? Time(threads) : null;
        return [.. files.Select((_, i) => new ExportSpeed(one[i], all?[i], threads, cold[i]))];

        IReadOnlyList<LatencyResult> Time(int count)
        {
            var sessions = new List<OnnxSession>();
            try
            {
                foreach (var (path, _) in files)
                    sessions.Add(OnnxSession.Open(path, new OnnxSessionSettings { Threads = count }));
                var targets = sessions.Select((s, i) => new LatencyTarget(files[i].Path, s.Prepared(inputs[i].One), s.Prepared(inputs[i].Many))).ToArray();
                return new LatencyProbe(new LatencyOptions { MaximumRounds = Math.Max(rounds, 1) }).Measure(targets, cancellationToken);
            }
            finally
            {
                foreach (var session in sessions)
                    session.Dispose();
            }
        }
    }
}

/// <summary>Puts speeds into the record's plain values.</summary>
internal static class ExportSpeedEvents
{
    /// <summary>Of one sample at a time.</summary>
    public static LatencyFigures Figures(this LatencyResult speed) => new(speed.One.Count, speed.One.P50, speed.One.P90, speed.One.P95, speed.One.P99, speed.One.Min);
}
