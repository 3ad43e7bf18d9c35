using Decant.Torch;

namespace Decant.Teachers.Answers;

/// <summary>Rows of one shape in one tensor that grows as they come.</summary>
/// <param name="rows">How many are expected; more make it grow by half.</param>
/// <param name="shape">The shape of one; [C] for logits.</param>
internal sealed class CachedRows(long rows, params long[] shape) : IDisposable
{
    private Tensor _room = TensorScope.Own(Tensor.Empty([Math.Max(1, rows), .. shape]));

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>The bytes of the room for them.</summary>
    public long Bytes => sizeof(float) * _room.Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Appends a copy of some.</summary>
    /// <param name="values">[R, …].</param>
    public void Add(Tensor values)
    {
        var count = values.Size(0);
        if (Count + count > _room.Size(0))
            Grow(Math.Max(Count + count, _room.Size(0) * 3 / 2));
        using (TensorScope.Open())
            _room.Narrow(0, Count, count).CopyInPlace(values);
        Count += count;
    }

    /// <summary>Copies of some of them, in any order, on a device.</summary>
    /// <param name="numbers">[R], int64.</param>
    /// <param name="device">Where to.</param>
    public Tensor Select(Tensor numbers, Device device) => _room.IndexSelect(0, numbers).To(device, wait: false);

    public void Dispose() => _room.Dispose();

    private void Grow(long rows)
    {
        var larger = TensorScope.Own(Tensor.Empty([rows, .. shape]));
        using (TensorScope.Open())
            larger.Narrow(0, 0, Count).CopyInPlace(_room.Narrow(0, 0, Count));
        _room.Dispose();
        _room = larger;
    }
}
