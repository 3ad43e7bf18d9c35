using Decant.Torch;

namespace Decant.Objectives.Temperatures;

/// <summary>The mean of numbers that come as tensors, without waiting for the device before it is read.</summary>
internal sealed class RunningMean : IDisposable
{
    private Tensor? _sum;
    private long _count;

    /// <summary>Of all since it last forgot; null: of none.</summary>
    public double? Value => _sum is null ? null : _sum.Item() / _count;

    /// <summary>Some more.</summary>
    /// <param name="numbers">Of any shape; no part of a graph.</param>
    public void Add(Tensor numbers)
    {
        var before = _sum;
        // Of no scope: an update is made of several batches, and batches of parts, each in a scope of its own.
        _sum = TensorScope.Own(before is null ? numbers.Sum() : before + numbers.Sum());
        before?.Dispose();
        _count += numbers.Shape.Aggregate(1L, (product, size) => product * size);
    }

    /// <summary>Begins anew.</summary>
    public void Forget()
    {
        _sum?.Dispose();
        (_sum, _count) = (null, 0);
    }

    public void Dispose() => Forget();
}
