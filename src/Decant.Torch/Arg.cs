using Decant.Torch.Interop;

namespace Decant.Torch;

/// <summary>One argument of an operator: a tensor, a number, a list, a dtype … or <see cref="Default"/>. Made by implicit conversion.</summary>
internal readonly struct Arg
{
    internal readonly NativeArgument Native; // the only field: see NativeArgument.Unwrap

    private Arg(NativeTag tag, long bits, object? reference = null) => Native = new NativeArgument(tag, bits, reference);

    /// <summary>The value that the operator's schema gives.</summary>
    public static Arg Default => new(NativeTag.Default, 0);

    /// <summary>No value, for optional arguments.</summary>
    public static Arg None => default;

    /// <summary>A tensor; null is <see cref="None"/>.</summary>
    public static implicit operator Arg(Tensor? value) => value is null ? None : new(NativeTag.Tensor, 0, value);

    /// <summary>An integer.</summary>
    public static implicit operator Arg(long value) => new(NativeTag.Int, value);

    /// <summary>An integer; null is <see cref="None"/>.</summary>
    public static implicit operator Arg(long? value) => value is { } v ? v : None;

    /// <summary>A real number.</summary>
    public static implicit operator Arg(double value) => new(NativeTag.Double, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A real number; null is <see cref="None"/>.</summary>
    public static implicit operator Arg(double? value) => value is { } v ? v : None;

    /// <summary>True or false.</summary>
    public static implicit operator Arg(bool value) => new(NativeTag.Bool, value ? 1 : 0);

    /// <summary>A text; null is <see cref="None"/>.</summary>
    public static implicit operator Arg(string? value) => value is null ? None : new(NativeTag.String, 0, value);

    /// <summary>An element type.</summary>
    public static implicit operator Arg(DType value) => new(NativeTag.Int, (long)value);

    /// <summary>An element type; null is <see cref="None"/>.</summary>
    public static implicit operator Arg(DType? value) => value is { } v ? v : None;

    /// <summary>A device.</summary>
    public static implicit operator Arg(Device value) => new(NativeTag.Device, (long)value.Kind | ((long)value.Index << 32));

    /// <summary>A list of integers; null is <see cref="None"/>.</summary>
    public static implicit operator Arg(long[]? value) => value is null ? None : new(NativeTag.IntList, 0, value);

    /// <summary>A list of real numbers; null is <see cref="None"/>.</summary>
    public static implicit operator Arg(double[]? value) => value is null ? None : new(NativeTag.DoubleList, 0, value);

    /// <summary>A list of truth values; null is <see cref="None"/>.</summary>
    public static implicit operator Arg(bool[]? value) => value is null ? None : new(NativeTag.BoolList, 0, value);

    /// <summary>A list of tensors, with nulls where the operator allows them; null is <see cref="None"/>.</summary>
    public static implicit operator Arg(Tensor?[]? value) => value is null ? None : new(NativeTag.TensorList, 0, value);

    /// <summary>A random generator; null is libtorch's own of the device.</summary>
    public static implicit operator Arg(Generator? value) => value is null ? None : new(NativeTag.Generator, 0, value);

    /// <summary>The argument as an error message shows it: shapes and dtypes of tensors, not their numbers.</summary>
    internal string Describe() => Native.Tag switch
    {
        NativeTag.None => "none",
        NativeTag.Default => "default",
        NativeTag.Tensor => ((Tensor)Native.Reference!).ToString(),
        NativeTag.Double => BitConverter.Int64BitsToDouble(Native.Bits).ToString(System.Globalization.CultureInfo.InvariantCulture),
        NativeTag.Bool => Native.Bits != 0 ? "true" : "false",
        NativeTag.String => $"'{Native.Reference}'",
        NativeTag.Device => new Device((DeviceKind)(int)Native.Bits, (int)(Native.Bits >> 32)).ToString(),
        NativeTag.IntList => "[" + string.Join(", ", (long[])Native.Reference!) + "]",
        NativeTag.DoubleList => "[" + string.Join(", ", (double[])Native.Reference!) + "]",
        NativeTag.BoolList => "[" + string.Join(", ", (bool[])Native.Reference!) + "]",
        NativeTag.TensorList => DescribeList((Tensor?[])Native.Reference!),
        NativeTag.Generator => "generator",
        _ => Native.Bits.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static string DescribeList(Tensor?[] tensors)
    {
        var shown = tensors.Take(4).Select(t => t?.ToString() ?? "none");
        return "[" + string.Join(", ", shown) + (tensors.Length > 4 ? $", … {tensors.Length} in all" : "") + "]";
    }
}
