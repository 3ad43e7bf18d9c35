using Decant.Torch;

namespace Decant.Export.PyTorch;

/// <summary>How PyTorch's files spell element types.</summary>
internal static class TorchNames
{
    /// <summary>Kinds of storage; null: bytes, with the type in the tensor.</summary>
    public static IEnumerable<KeyValuePair<string, DType?>> Storages { get; } =
    [
        new("torch.DoubleStorage", DType.Float64), new("torch.FloatStorage", DType.Float32), new("torch.HalfStorage", DType.Float16),
        new("torch.BFloat16Storage", DType.BFloat16), new("torch.LongStorage", DType.Int64), new("torch.IntStorage", DType.Int32),
        new("torch.ShortStorage", DType.Int16), new("torch.CharStorage", DType.Int8), new("torch.ByteStorage", DType.UInt8),
        new("torch.BoolStorage", DType.Bool), new("torch.UntypedStorage", null), new("torch.storage.UntypedStorage", null),
        new("torch.storage._UntypedStorage", null),
    ];

    /// <summary>Element types.</summary>
    public static IEnumerable<KeyValuePair<string, DType>> DTypes { get; } =
    [
        new("torch.float64", DType.Float64), new("torch.float32", DType.Float32), new("torch.float16", DType.Float16), new("torch.bfloat16", DType.BFloat16),
        new("torch.int64", DType.Int64), new("torch.int32", DType.Int32), new("torch.int16", DType.Int16), new("torch.int8", DType.Int8),
        new("torch.uint8", DType.UInt8), new("torch.bool", DType.Bool),
    ];

    /// <summary>Types of tensors, named where a tensor carries attributes.</summary>
    public static IEnumerable<string> TensorTypes { get; } = ["torch.Tensor", "torch._tensor.Tensor", "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer"];
}
