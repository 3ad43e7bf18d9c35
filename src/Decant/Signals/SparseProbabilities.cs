using Decant.Torch;

namespace Decant.Signals;

/// <summary>Probabilities of some classes in each row, which stand for a teacher's distribution in a sum over it, such as a cross-entropy: drawn ones, or the largest without the rest.</summary>
/// <param name="Ids">[R, M] int64; where a row has fewer than M, anything.</param>
/// <param name="Probabilities">[R, M] float32, of softmax(z ÷ τ), or unbiased estimates of them; 0 where a row has fewer than M. A row need not sum to 1.</param>
/// <param name="Temperature">τ, at which they were kept.</param>
/// <param name="Classes">C, the classes or the vocabulary.</param>
internal sealed record SparseProbabilities(Tensor Ids, Tensor Probabilities, double Temperature, int Classes) : TeacherSignal
{
    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Tensors => [Ids, Probabilities, .. base.Tensors];

    /// <inheritdoc/>
    public override TeacherSignal Rows(long first, long count) => this with { Ids = Ids.Narrow(0, first, count), Probabilities = Probabilities.Narrow(0, first, count) };
}
