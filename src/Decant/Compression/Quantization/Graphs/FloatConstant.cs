using Decant.Export.Onnx.Format;

namespace Decant.Compression.Quantization.Graphs;

/// <summary>A float32 constant, whose values are read when they are needed.</summary>
internal sealed class FloatConstant
{
    private readonly TensorProto _tensor;
    private readonly bool _transposed;
    private readonly float _factor;

    private FloatConstant(TensorProto tensor, string name, bool transposed, float factor)
    {
        (_tensor, Name, _transposed, _factor) = (tensor, name, transposed, factor);
        Shape = [.. transposed ? tensor.Dims.Reverse() : tensor.Dims];
    }

    /// <summary>Its name in the graph.</summary>
    public string Name { get; }

    /// <summary>The sizes.</summary>
    public long[] Shape { get; }

    /// <summary>Names the values: the same for the same constant, read in the same way.</summary>
    public string Key => $"{Name}|{_transposed}|{_factor:R}";

    /// <summary>A constant of a file; null: it is not float32.</summary>
    /// <param name="tensor">The constant.</param>
    /// <param name="name">Its name in the graph.</param>
    public static FloatConstant? Of(TensorProto tensor, string name) => tensor.DataType == (int)TensorProto.Types.DataType.Float ? new(tensor, name, false, 1) : null;

    /// <summary>Its rows as columns, for a matrix.</summary>
    public FloatConstant Transposed() => new(_tensor, Name, !_transposed, _factor);

    /// <summary>Each value times a number.</summary>
    public FloatConstant Times(float factor) => new(_tensor, Name, _transposed, _factor * factor);

    /// <summary>The values, row by row.</summary>
    /// <exception cref="DecantException">One is infinite or not a number, or their count is not that of the shape.</exception>
    public float[] Read()
    {
        var values = OnnxTensor.Floats(_tensor);
        if (!Array.TrueForAll(values, float.IsFinite))
            throw new DecantException($"The weight '{Name}' has values that are infinite or not a number; finite ones were expected. The model did not train well: train it again, or leave this layer out by its name.");
        if (_factor != 1)
            values = Array.ConvertAll(values, v => v * _factor);
        return _transposed ? Matrices.Transpose(values, (int)_tensor.Dims[0], (int)_tensor.Dims[1]) : values;
    }
}
