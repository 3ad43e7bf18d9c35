using Decant.Torch;

namespace Decant.Teachers;

/// <summary>Rows of logits in one tensor that grows as they come.</summary>
/// <param name="rows">How many are expected; more make it grow by half.</param>
/// <param name="outputs">C.</param>
internal sealed class RememberedRows(long rows, int outputs) : IDisposable
{
    private Tensor _room = Tensor.Empty([Math.Max(1, rows), outputs]);

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>[N, C], N at least <see cref="Count"/>.</summary>
    public Tensor All => _room;

    /// <summary>Appends a copy of some.</summary>
    /// <param name="logits">[R, C].</param>
    public void Add(Tensor logits)
    {
        var count = logits.Size(0);
        if (Count + count > _room.Size(0))
            Grow(Math.Max(Count + count, _room.Size(0) * 3 / 2));
        using (TensorScope.Open())
            _room.Narrow(0, Count, count).CopyInPlace(logits);
        Count += count;
    }

    public void Dispose() => _room.Dispose();

    private void Grow(long rows)
    {
        var larger = TensorScope.Own(Tensor.Empty([rows, outputs]));
        using (TensorScope.Open())
            larger.Narrow(0, 0, Count).CopyInPlace(_room.Narrow(0, 0, Count));
        _room.Dispose();
        _room = larger;
    }
}
