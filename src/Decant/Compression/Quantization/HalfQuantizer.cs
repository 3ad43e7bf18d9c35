using System.Runtime.InteropServices;
using Decant.Export.Onnx.Format;
using Google.Protobuf;

namespace Decant.Compression.Quantization;

/// <summary>Stores float32 constants in 16 bits with a Cast behind each.</summary>
internal static class HalfQuantizer
{
    // Smaller constants (biases of a few numbers, epsilons) would gain less than their Cast takes.
    private const int Least = 256;
    private const float LargestHalf = 65504;

    /// <summary>The model with half the bytes.</summary>
    public static QuantizedModel Quantize(ModelProto model, HalfWeights options, LayerSelection layers)
    {
        var excluded = layers.All.Where(layers.Excludes).Select(l => l.Weights.Name).ToHashSet(StringComparer.Ordinal);
        var inputs = model.Graph.Input.Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
        var result = model.Clone();
        var reports = new List<LayerReport>();
        var casts = new List<NodeProto>();
        foreach (var tensor in result.Graph.Initializer.Where(t => t.DataType == (int)TensorProto.Types.DataType.Float && OnnxTensor.CountOf(t) >= Least && !inputs.Contains(t.Name)))
        {
            if (excluded.Contains(tensor.Name))
            {
                reports.Add(new LayerReport(tensor.Name, false, "float32: left out by name"));
                continue;
            }

            if (Store(tensor, options.Format) is { } obstacle)
            {
                reports.Add(new LayerReport(tensor.Name, false, obstacle));
                continue;
            }

            var name = tensor.Name;
            tensor.Name = $"{name}_{Word(options.Format)}";
            var cast = OnnxNode.Make("Cast", [tensor.Name], [name], OnnxNode.Attribute("to", (long)TensorProto.Types.DataType.Float));
            cast.Name = tensor.Name + "_Cast";
            casts.Add(cast);
            reports.Add(new LayerReport(name, true, $"{Word(options.Format)}, cast to float32 when it is loaded"));
        }

        if (casts.Count == 0)
            throw new DecantException($"Nothing was stored as {Word(options.Format)}: the model has no float32 constant of {Least} numbers or more that may be. Give the model as it was exported, or exclude fewer layers.");
        List<NodeProto> nodes = [.. casts, .. result.Graph.Node];
        result.Graph.Node.Clear();
        result.Graph.Node.Add(nodes);
        return new QuantizedModel(result, new QuantizationReport(model.CalculateSize(), result.CalculateSize(), reports, ["computed in float32: half the file, the memory and speed of before"]));
    }

    private static string Word(HalfFormat format) => format == HalfFormat.Float16 ? "float16" : "bfloat16";

    private static string? Store(TensorProto tensor, HalfFormat format)
    {
        var values = OnnxTensor.Floats(tensor);
        if (format == HalfFormat.Float16 && Array.Exists(values, v => Math.Abs(v) > LargestHalf))
            return $"float32: it has values beyond {LargestHalf:N0}, the largest float16; bfloat16 has the range of float32";
        tensor.ClearRawData();
        tensor.FloatData.Clear();
        if (format == HalfFormat.Float16)
            tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<Half>(Array.ConvertAll(values, v => (Half)v)));
        else
            tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<ushort>(Array.ConvertAll(values, Upper)));
        tensor.DataType = (int)(format == HalfFormat.Float16 ? TensorProto.Types.DataType.Float16 : TensorProto.Types.DataType.Bfloat16);
        return null;
    }

    // The upper half, rounded half to even; NaN keeps a bit that makes it NaN.
    private static ushort Upper(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
