using Decant.Torch;

namespace Decant.Objectives;

/// <summary>The temperature of some rows: one number, or a tensor that is broadcast over their classes.</summary>
internal readonly struct Warmth
{
    /// <summary>Stands for −∞, whose quotient has no derivative by what it is divided by.</summary>
    private const double RuledOut = -1e30;

    private readonly double _number;
    private readonly Tensor? _tensor; // [R, 1] or [1]

    /// <summary>One number for all.</summary>
    public Warmth(double number) => _number = number;

    /// <summary>A tensor.</summary>
    /// <param name="tensor">[R, 1], or [1].</param>
    /// <param name="isLearned">Whether it is part of the graph.</param>
    public Warmth(Tensor tensor, bool isLearned) => (_tensor, IsLearned) = (tensor, isLearned);

    /// <summary>Whether the loss is differentiated by it.</summary>
    public bool IsLearned { get; }

    /// <summary>log softmax(z ÷ τ).</summary>
    public Tensor LogSoftmax(Tensor logits) => _tensor is null
        ? (logits / _number).LogSoftmax(-1)
        : ((IsLearned ? logits.Clamp(min: RuledOut) : logits) / _tensor).LogSoftmax(-1);

    /// <summary>Σ of the rows, each times τ² where that is wanted.</summary>
    /// <param name="rows">[R].</param>
    /// <param name="scaled">Whether it is.</param>
    public Tensor Sum(Tensor rows, bool scaled) => _tensor is null
        ? rows.Sum() * (scaled ? _number * _number : 1)
        : (scaled ? rows * _tensor.Square().Reshape(-1) : rows).Sum();

    /// <summary>From the derivative by z ÷ τ of a loss without τ² to that by z of the loss.</summary>
    public Tensor Slope(Tensor byWarmed, bool scaled) => _tensor is null
        ? byWarmed * (scaled ? _number : 1 / _number)
        : scaled ? byWarmed * _tensor : byWarmed / _tensor;
}
