using System.Runtime.InteropServices;

namespace Decant.Torch.Interop;

/// <summary>What a <see cref="NativeValue"/> holds; the numbers are those of <c>decant.h</c>.</summary>
internal enum NativeTag : long
{
    None = 0,
    Tensor = 1,
    Int = 2,
    Double = 3,
    Bool = 4,
    String = 5,
    Device = 6,
    IntList = 7,
    DoubleList = 8,
    BoolList = 9,
    TensorList = 10,
    Generator = 11,
    Default = 12,
}

/// <summary>One argument or result of an operator call, as <c>decant_value</c> of <c>decant.h</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeValue
{
    public NativeTag Tag;
    public long Length;
    public long Bits;
}

/// <summary>What is known of a tensor, as <c>decant_tensor_info</c> of <c>decant.h</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeTensorInfo
{
    public int Dtype;
    public int DeviceType;
    public int DeviceIndex;
    public int Dimensions;
    public long Elements;
    public long ElementSize;
    public int RequiresGrad;
    public int Contiguous;
    public int Leaf;
    public int Reserved;
    public nint Data;
}
