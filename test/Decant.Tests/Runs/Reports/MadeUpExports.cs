using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs.Reports;

/// <summary>Exported models of a made-up run.</summary>
internal static class MadeUpExports
{
    public static IReadOnlyList<RunEvent> All { get; } =
    [
        Export("teacher", "float32", 0.931, 44_600_000, 3.1, null),
        Export("student", "float32", 0.921, 2_100_000, 0.21, null),
        Export("student", "int8", 0.919, 560_000, 0.09, new ExportAgreement(1440, 0.994, 0.00002, 0.004, null)),
        Export("student", "int4 weights", 0.912, 410_000, 0.18, new ExportAgreement(1440, 0.971, 0.0007, 0.05, null)),
        new LicencesStated { Teacher = "Apache-2.0" },
    ];

    private static ExportMeasured Export(string arm, string form, double score, long bytes, double latency, ExportAgreement? agreement) => new()
    {
        Arm = arm,
        Form = form,
        File = arm == "student" ? $"student/onnx/model{(form == "float32" ? "" : form == "int8" ? "_quantized" : "_q4")}.onnx" : null,
        Bytes = bytes,
        Metric = "accuracy",
        Score = score,
        Loss = arm == "student" ? new Comparison { A = $"student in {form}", B = "student", Difference = score - 0.921, Low = score - 0.925, High = score - 0.918, Verdict = "no-difference", Sentence = "" } : null,
        Agreement = agreement,
        OneThread = new LatencyFigures(500, latency, 1.1 * latency, 1.2 * latency, 1.5 * latency, 0.9 * latency),
        SamplesPerSecond = 2000 / latency,
        AllThreads = new LatencyFigures(500, 0.7 * latency, 0.8 * latency, 0.9 * latency, latency, 0.6 * latency),
        SamplesPerSecondAllThreads = 3500 / latency,
        Threads = 2,
        FirstAnswer = 40,
        PeakBytes = 60_000_000 + bytes,
    };
}
