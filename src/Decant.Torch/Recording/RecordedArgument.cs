using Decant.Torch.Interop;

namespace Decant.Torch.Recording;

/// <summary>One argument of a recorded call.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Content">
/// The value's index (int), or one for each tensor of a list (int[], −1 for none); a long, double or bool, or an array of them; a text. Null for the others.
/// </param>
internal readonly record struct RecordedArgument(ArgumentKind Kind, object? Content = null)
{
    /// <summary>The argument of a call.</summary>
    /// <param name="argument">As the operator gets it.</param>
    /// <param name="indexOf">The index of a tensor's value.</param>
    public static RecordedArgument Of(in Arg argument, Func<Tensor, int> indexOf)
    {
        var native = argument.Native;
        return native.Tag switch
        {
            NativeTag.Default => new(ArgumentKind.Default),
            NativeTag.Tensor => new(ArgumentKind.Value, indexOf((Tensor)native.Reference!)),
            NativeTag.TensorList => new(ArgumentKind.Values, Array.ConvertAll((Tensor?[])native.Reference!, t => t is null ? -1 : indexOf(t))),
            NativeTag.Int => new(ArgumentKind.Integer, native.Bits),
            NativeTag.IntList => new(ArgumentKind.Integers, ((long[])native.Reference!).Clone()),
            NativeTag.Double => new(ArgumentKind.Number, BitConverter.Int64BitsToDouble(native.Bits)),
            NativeTag.DoubleList => new(ArgumentKind.Numbers, ((double[])native.Reference!).Clone()),
            NativeTag.Bool => new(ArgumentKind.Flag, native.Bits != 0),
            NativeTag.BoolList => new(ArgumentKind.Flags, ((bool[])native.Reference!).Clone()),
            NativeTag.String => new(ArgumentKind.Text, native.Reference),
            NativeTag.None => new(ArgumentKind.None),
            _ => new(ArgumentKind.Other),
        };
    }
}

/// <summary>What an argument of a recorded call is.</summary>
internal enum ArgumentKind
{
    /// <summary>No value.</summary>
    None,

    /// <summary>What the operator's schema gives.</summary>
    Default,

    /// <summary>A tensor.</summary>
    Value,

    /// <summary>A list of tensors.</summary>
    Values,

    /// <summary>An integer, or an element type.</summary>
    Integer,

    /// <summary>A list of integers.</summary>
    Integers,

    /// <summary>A real number.</summary>
    Number,

    /// <summary>A list of real numbers.</summary>
    Numbers,

    /// <summary>A truth value.</summary>
    Flag,

    /// <summary>A list of truth values.</summary>
    Flags,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A device or a generator.</summary>
    Other,
}
