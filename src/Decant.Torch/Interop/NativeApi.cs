using System.Runtime.InteropServices;

namespace Decant.Torch.Interop;

/// <summary>The bridge's table of entries, in the order of <c>decant_api</c> in <c>decant.h</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeApi
{
    public const uint Abi = 1;

    public uint AbiVersion;
    public uint Size;
    public delegate* unmanaged<byte*> LastError;
    public delegate* unmanaged<byte*> TorchVersion;
    public delegate* unmanaged<byte*, long, int> DescribeRuntime;
    public delegate* unmanaged<byte*, byte*, nint*, int> FindOperator;
    public delegate* unmanaged<nint, byte*, long, int> OperatorSchema;
    public delegate* unmanaged<nint, NativeValue*, long, NativeValue*, long, long*, int> Call;
    public delegate* unmanaged<nint, void> FreeList;
    public delegate* unmanaged<nint, void> TensorRelease;
    public delegate* unmanaged<nint, NativeTensorInfo*, int> TensorDescribe;
    public delegate* unmanaged<nint, long*, long*, long, int> TensorSizes;
    public delegate* unmanaged<nint, long*, long, int, delegate* unmanaged<nint, void>, nint, nint*, int> TensorView;
    public delegate* unmanaged<nint, int, int> SetRequiresGrad;
    public delegate* unmanaged<nint, NativeValue*, int> GetGrad;
    public delegate* unmanaged<nint, nint, int> SetGrad;
    public delegate* unmanaged<nint*, nint*, long, int, int, int> Backward;
    public delegate* unmanaged<nint*, nint*, long, nint*, long, int, int, int, NativeValue*, int> Grad;
    public delegate* unmanaged<int> GradEnabled;
    public delegate* unmanaged<int, void> SetGradEnabled;
    public delegate* unmanaged<int, int, nint*, int> GeneratorDefault;
    public delegate* unmanaged<ulong, nint*, int> GeneratorNew;
    public delegate* unmanaged<nint, void> GeneratorRelease;
    public delegate* unmanaged<nint, ulong, int> GeneratorSeed;
    public delegate* unmanaged<nint, NativeValue*, int> GeneratorGetState;
    public delegate* unmanaged<nint, nint, int> GeneratorSetState;
    public delegate* unmanaged<int, int> SetThreads;
    public delegate* unmanaged<int> GetThreads;
    public delegate* unmanaged<int> CudaDevices;
    public delegate* unmanaged<nint, nint*, nint*, long, NativeValue*, int> GivenGradients;
    public delegate* unmanaged<int, int> SetOwnThreads;
    public delegate* unmanaged<int, int, int> Autocast;
    public delegate* unmanaged<nint, nint, nint, int, double, double, NativeValue*, NativeValue*, int> DivergenceRows;
    public delegate* unmanaged<nint, nint, nint, long, double, NativeValue*, NativeValue*, int> CrossEntropyRows;
    public delegate* unmanaged<nint, nint, nint, nint, nint, nint, double, double, NativeValue*, int> BatchNormRelu;
    public delegate* unmanaged<nint, nint*, long, delegate* unmanaged<nint, NativeValue*, NativeValue*, long, byte*, long, int>, delegate* unmanaged<nint, void>, nint, NativeValue*, int> Recomputed;
}
