using Decant.Data;
using Decant.Data.Batching;
using Decant.Export.Onnx.Running;
using Decant.Export.Onnx.Signatures;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Runs.Preparing;

/// <summary>Batches of a run's transfer set as an exported model takes them: to find the ranges of activations, and to compare.</summary>
internal static class CalibrationSamples
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
        return data.CarriesState ? Streamed(data, samples, signature, count) : [.. chosen.Chunk(BatchSize).Select(some => Arrays(data.Collator.Collate([.. some.Select(s => OneText.Of(s, data))], seed: 0, epoch: 0), signature))];
    }

    /// <summary>A batch as an exported model takes it; the batch is released.</summary>
    public static IReadOnlyDictionary<string, OnnxArray> Arrays(Batch batch, GraphSignature signature)
    {
        using var owned = batch;
        using var scope = TensorScope.Open();
        return signature.Arrays(batch.ToInput(Device.Cpu));
    }

    private static IReadOnlyList<IReadOnlyDictionary<string, OnnxArray>> Streamed(PreparedData data, Dataset samples, GraphSignature signature, int count)
    {
        var inputs = new List<IReadOnlyDictionary<string, OnnxArray>>();
        foreach (var batch in data.Once(samples).EnumerateSynchronously(0).Take((count + BatchSize - 1) / BatchSize))
            inputs.Add(Arrays(batch, signature));
        return inputs;
    }
}
