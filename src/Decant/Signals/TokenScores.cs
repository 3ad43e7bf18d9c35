using Decant.Torch;

namespace Decant.Signals;

/// <summary>The teacher's log-probability of each token that was written, and nothing of the others: what a teacher behind an API gives for a text, and what is kept of one that was scored before.</summary>
/// <param name="LogProbabilities">[R] float32, at temperature 1.</param>
internal sealed record TokenScores(Tensor LogProbabilities) : TeacherSignal
{
    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Tensors => [LogProbabilities, .. base.Tensors];

    /// <inheritdoc/>
    public override TeacherSignal Rows(long first, long count) => new TokenScores(LogProbabilities.Narrow(0, first, count));
}
