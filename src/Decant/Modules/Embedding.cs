using Decant.Torch;

namespace Decant.Modules;

/// <summary>A table of vectors, as PyTorch's <c>nn.Embedding</c>: <c>weight</c> [V, H], drawn from the standard normal distribution.</summary>
public sealed class Embedding : Module
{
    private readonly long _padding;

    /// <summary>A table with drawn rows.</summary>
    /// <param name="count">V, the number of rows.</param>
    /// <param name="width">H, the width of a row.</param>
    /// <param name="padding">The row that is 0 and gets no gradient; null: none.</param>
    /// <param name="deviation">The standard deviation that rows are drawn with; 1.</param>
    /// <param name="generator">Where the rows are drawn from; null is libtorch's own.</param>
    public Embedding(long count, long width, long? padding = null, double deviation = 1, Generator? generator = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (padding is { } row && (row < 0 || row >= count))
            throw new ArgumentOutOfRangeException(nameof(padding), row, $"A table of {count} rows has no such row.");
        _padding = padding ?? -1;
        Weight = RegisterParameter("weight", Draw(count, width, deviation, generator));
    }

    /// <summary>[V, H].</summary>
    public Tensor Weight { get; }

    /// <summary>What its rows are rounded to; null: they stay.</summary>
    internal OperandRounding? Rounding { get; set; }

    /// <summary>Indices (int64, any shape) to their rows: the shape with H appended.</summary>
    public Tensor Forward(Tensor indices)
    {
        if (Rounding is not { } rounding)
            return RecordActivation(Functional.Embedding(Weight, indices, _padding));
        using var scope = TensorScope.Open();
        return RecordActivation(scope.Keep(rounding.Weight(Functional.Embedding(Weight, indices, _padding))));
    }

    private Tensor Draw(long count, long width, double deviation, Generator? generator)
    {
        var weight = Initialise.Normal([count, width], deviation, generator);
        if (_padding >= 0)
        {
            using var row = weight.Select(0, _padding);
            row.ZeroInPlace();
        }

        return weight;
    }
}
