using Decant.Torch;

namespace Decant.Objectives.Temperatures;

/// <summary>The temperature of some rows: one number, or a tensor that is broadcast over their classes.</summary>
internal readonly struct RowTemperature
{
    /// <summary>Replaces −∞, as its quotient has no derivative by the divisor.</summary>
    private const double RuledOut = -1e30;

    private readonly double _number;
    private readonly Tensor? _tensor; // [R, 1] or [1]

    /// <summary>One number for all.</summary>
    public RowTemperature(double number) => _number = number;

    /// <summary>A tensor.</summary>
    /// <param name="tensor">[R, 1], or [1].</param>
    /// <param name="isLearned">Whether it is part of the graph.</param>
    public RowTemperature(Tensor tensor, bool isLearned) => (_tensor, IsLearned) = (tensor, isLearned);

    /// <summary>The number that it is for all rows; null where it is a tensor.</summary>
    public double? Number => _tensor is null ? _number : null;

    /// <summary>Whether the loss is differentiated by it.</summary>
    public bool IsLearned { get; }

    /// <summary>Whether the loss is multiplied by τ².</summary>
    public bool IsScaled { get; private init; }

    /// <summary>log softmax(z ÷ τ).</summary>
    public Tensor LogSoftmax(Tensor logits) => _tensor is null
        ? (logits / _number).LogSoftmax(-1)
        : ((IsLearned ? logits.Clamp(min: RuledOut) : logits) / _tensor).LogSoftmax(-1);

    /// <summary>The same, of a loss that is multiplied by τ² or is not.</summary>
    public RowTemperature Scaled(bool scaled) => this with { IsScaled = scaled };

    /// <summary>Σ of the rows, each times τ² where that is wanted.</summary>
    /// <param name="rows">[R].</param>
    /// <param name="rowWeights">[R], a factor of each; null: all 1.</param>
    public Tensor Sum(Tensor rows, Tensor? rowWeights)
    {
        rows = rowWeights is null ? rows : rows * rowWeights;
        return _tensor is null
            ? rows.Sum() * (IsScaled ? _number * _number : 1)
            : (IsScaled ? rows * _tensor.Square().Reshape(-1) : rows).Sum();
    }

    /// <summary>From the derivative by z ÷ τ of a loss without τ² to that by z of the loss.</summary>
    /// <param name="byWarmed">[R, C].</param>
    /// <param name="rowWeights">[R], a factor of each row; null: all 1.</param>
    public Tensor Slope(Tensor byWarmed, Tensor? rowWeights)
    {
        var slope = _tensor is null
            ? byWarmed * (IsScaled ? _number : 1 / _number)
            : IsScaled ? byWarmed * _tensor : byWarmed / _tensor;
        return rowWeights is null ? slope : slope * rowWeights.Unsqueeze(-1);
    }
}
