namespace Decant.Torch;

/// <summary>The kinds of device; the numbers are libtorch's <c>c10::DeviceType</c>.</summary>
public enum DeviceKind
{
    /// <summary>The processor.</summary>
    Cpu = 0,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda = 1,

    /// <summary>No memory at all: tensors that have a shape but no elements.</summary>
    Meta = 14,
}

/// <summary>Where a tensor lives.</summary>
/// <param name="Kind">The kind of device.</param>
/// <param name="Index">Which one of its kind, from 0; −1 is the current one.</param>
public readonly record struct Device(DeviceKind Kind, int Index = -1)
{
    /// <summary>The processor.</summary>
    public static Device Cpu => new(DeviceKind.Cpu);

    /// <summary>The GPU of that number.</summary>
    public static Device Cuda(int index = 0) => new(DeviceKind.Cuda, index);

    /// <summary>Whether both are one place: of one kind, and of GPUs one number, where both say which. The numbers of others mean nothing.</summary>
    public bool Matches(Device other) => Kind == other.Kind && (Kind != DeviceKind.Cuda || Index == other.Index || Index < 0 || other.Index < 0);

    /// <inheritdoc/>
    public override string ToString() => (Kind, Index) switch
    {
        (DeviceKind.Cpu, _) => "cpu",
        (DeviceKind.Meta, _) => "meta",
        (_, < 0) => "cuda",
        _ => $"cuda:{Index}",
    };
}
