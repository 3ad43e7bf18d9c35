using Decant.Data;
using Decant.Data.Batching;
using Decant.Export.Onnx.Running;
using Decant.Export.Onnx.Signatures;
using Decant.Runs.Preparing;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Runs.Exporting;

/// <summary>Batches of a run's transfer set as an exported model takes them: to find the ranges of activations, and to compare.</summary>
internal static class ExportSamples
{
    private const int BatchSize = 4;

    /// <summary>Samples that lie evenly over the transfer set, in batches of 4.</summary>
    /// <param name="data">The data.</param>
    /// <param name="signature">How the model is called.</param>
    /// <param name="count">How many samples at most.</param>
    public static IReadOnlyList<IReadOnlyDictionary<string, OnnxArray>> Of(PreparedData data, GraphSignature signature, int count)
    {
        var samples = data.TransferSet.Count > 0 ? data.TransferSet : data.Train;
        var taken = Math.Min(count, samples.Count);
        var chosen = Enumerable.Range(0, taken).Select(i => samples[(int)((long)i * samples.Count / taken)]);
        return data.CarriesState ? Streamed(data, samples, signature, count) : [.. chosen.Chunk(BatchSize).Select(some => Arrays(data.Collator.Collate([.. some.Select(s => One(s, data))], seed: 0, epoch: 0), signature))];
    }

    /// <summary>The test split, batch by batch.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, OnnxArray>> OfTest(PreparedData data, GraphSignature signature)
    {
        foreach (var batch in data.Once(data.Test).EnumerateSynchronously(0))
            yield return Arrays(batch, signature);
    }

    /// <summary>One sample of middle length of the test split.</summary>
    public static IReadOnlyDictionary<string, OnnxArray> Typical(PreparedData data, GraphSignature signature) =>
        Arrays(data.Collator.Collate([One(Comparing.Latency.Typical(data), data)], seed: 0, epoch: 0), signature);

    /// <summary>The first samples of the test split in one batch.</summary>
    public static IReadOnlyDictionary<string, OnnxArray> Many(PreparedData data, GraphSignature signature, int count) =>
        Arrays(data.Collator.Collate([.. Enumerable.Range(0, Math.Min(count, data.Test.Count)).Select(i => One(data.Test[i], data))], seed: 0, epoch: 0), signature);

    private static IReadOnlyList<IReadOnlyDictionary<string, OnnxArray>> Streamed(PreparedData data, Dataset samples, GraphSignature signature, int count)
    {
        var inputs = new List<IReadOnlyDictionary<string, OnnxArray>>();
        foreach (var batch in data.Once(samples).EnumerateSynchronously(0).Take((count + BatchSize - 1) / BatchSize))
            inputs.Add(Arrays(batch, signature));
        return inputs;
    }

    private static Sample One(Sample sample, PreparedData data) => Comparing.Latency.OneText(sample, data);

    private static IReadOnlyDictionary<string, OnnxArray> Arrays(Batch batch, GraphSignature signature)
    {
        using var owned = batch;
        using var scope = TensorScope.Open();
        return signature.Arrays(batch.ToInput(Device.Cpu));
    }
}
