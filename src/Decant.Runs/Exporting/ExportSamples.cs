using Decant.Export.Onnx.Running;
using Decant.Export.Onnx.Signatures;
using Decant.Runs.Preparing;

namespace Decant.Runs.Exporting;

/// <summary>Batches of a run's transfer set and test split as an exported model takes them.</summary>
internal static class ExportSamples
{
    /// <summary>The test split, batch by batch.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, OnnxArray>> OfTest(PreparedData data, GraphSignature signature)
    {
        foreach (var batch in data.Once(data.Test).EnumerateSynchronously(0))
            yield return CalibrationSamples.Arrays(batch, signature);
    }

    /// <summary>One sample of middle length of the test split.</summary>
    public static IReadOnlyDictionary<string, OnnxArray> Typical(PreparedData data, GraphSignature signature) =>
        CalibrationSamples.Arrays(data.Collator.Collate([OneText.Of(Comparing.Latency.Typical(data), data)], seed: 0, epoch: 0), signature);

    /// <summary>The first samples of the test split in one batch.</summary>
    public static IReadOnlyDictionary<string, OnnxArray> Many(PreparedData data, GraphSignature signature, int count) =>
        CalibrationSamples.Arrays(data.Collator.Collate([.. Enumerable.Range(0, Math.Min(count, data.Test.Count)).Select(i => OneText.Of(data.Test[i], data))], seed: 0, epoch: 0), signature);
}
