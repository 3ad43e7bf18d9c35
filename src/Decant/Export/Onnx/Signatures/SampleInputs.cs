using Decant.Export.Onnx.Running;
using Decant.Torch;

namespace Decant.Export.Onnx.Signatures;

/// <summary>Inputs of a signature that are drawn evenly, to record with and to compare with.</summary>
/// <param name="seed">Equal seeds give equal inputs.</param>
internal sealed class SampleInputs(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Every input for given sizes.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="sizes">All that vary.</param>
    public IReadOnlyDictionary<string, OnnxArray> Draw(GraphSignature signature, IReadOnlyDictionary<string, long> sizes)
    {
        var inputs = new Dictionary<string, OnnxArray>(StringComparer.Ordinal);
        foreach (var input in signature.Inputs)
        {
            long[] shape = [.. input.Shape.Select(s => s.At(sizes))];
            inputs.Add(input.Name, new OnnxArray(Numbers(input, shape), shape));
        }

        return inputs;
    }

    /// <summary>The same numbers as tensors, in the current scope.</summary>
    public static IReadOnlyDictionary<string, Tensor> Tensors(IReadOnlyDictionary<string, OnnxArray> inputs) => inputs.ToDictionary(
        i => i.Key, i => i.Value.Values is long[] whole ? Tensor.From(whole, i.Value.Shape) : Tensor.From((float[])i.Value.Values, i.Value.Shape), StringComparer.Ordinal);

    private Array Numbers(GraphInput input, long[] shape)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        return input.Numbers switch
        {
            InputNumbers.Real => Fill(count, () => (float)((2 * _random.NextDouble()) - 1)),
            InputNumbers.Below => Fill(count, () => _random.NextInt64(input.Limit)),
            _ => Masks(shape[0], shape[1]),
        };
    }

    private static T[] Fill<T>(long count, Func<T> draw)
    {
        var values = new T[count];
        for (var i = 0; i < values.Length; i++)
            values[i] = draw();
        return values;
    }

    // The first row is whole; the others end somewhere in the second half.
    private long[] Masks(long rows, long columns)
    {
        var mask = new long[rows * columns];
        for (var row = 0L; row < rows; row++)
        {
            var tokens = row == 0 ? columns : columns - _random.NextInt64((columns / 2) + 1);
            mask.AsSpan((int)(row * columns), (int)tokens).Fill(1);
        }

        return mask;
    }
}
