using Decant.Export.Onnx.Running;

namespace Decant.Compression.Quantization.Agreement;

/// <summary>How much an answer depends on the batch it is in: the same sample alone and among others. 0 for float32 and static int8 but for rounding; dynamic int8 has one scale of activations for the whole batch.</summary>
internal static class BatchDrift
{
    /// <summary>The figures: each sample alone is the reference.</summary>
    /// <param name="session">The model.</param>
    /// <param name="batch">Inputs by name, whose first axis is that of the samples.</param>
    /// <param name="output">The output to compare, whose first axis is that of the samples; null: the first one.</param>
    /// <exception cref="DecantException">The inputs do not agree about the number of samples, or it is below 2.</exception>
    public static AgreementFigures Measure(OnnxSession session, IReadOnlyDictionary<string, OnnxArray> batch, string? output = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(batch);
        var name = output ?? session.Outputs[0];
        var sizes = batch.Values.Select(v => v.Shape.Length == 0 ? 0 : v.Shape[0]).Distinct().ToList();
        if (sizes is not [>= 2])
            throw new DecantException($"Batch drift: inputs whose first axes are {string.Join(", ", sizes)} long came; the same number of samples, at least 2, was expected in all.");
        var together = session.Run(batch, [name])[name];
        var rows = new RowDifferences();
        for (var i = 0; i < sizes[0]; i++)
            rows.Add(session.Run(batch.ToDictionary(b => b.Key, b => One(b.Value, i)), [name])[name], One(together, i));
        return rows.Figures()!;
    }

    private static OnnxArray One(OnnxArray array, int index)
    {
        var size = array.Values.Length / (int)array.Shape[0];
        var values = Array.CreateInstance(array.Values.GetType().GetElementType()!, size);
        Array.Copy(array.Values, index * size, values, 0, size);
        return new OnnxArray(values, [1, .. array.Shape[1..]]);
    }
}
