using Decant.Data.Batching;
using Decant.Torch;

namespace Decant.Signals;

/// <summary>An objective that is a sum over rows, each of which may have a factor of its own.</summary>
public interface IRowObjective : IObjective
{
    /// <summary>The sum of the objective over a batch, each row times its factor.</summary>
    /// <param name="student">The student's answer.</param>
    /// <param name="teacher">The teacher's; null only when <see cref="IObjective.Needs"/> is none.</param>
    /// <param name="batch">The batch both were given.</param>
    /// <param name="rowWeights">[R] float32, no part of the graph; null: all 1.</param>
    /// <returns>The sum, and how many rows are in it: their number, not the sum of their factors.</returns>
    LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch, Tensor? rowWeights);

    /// <inheritdoc/>
    LossSum IObjective.Compute(StudentOutput student, TeacherSignal? teacher, Batch batch) => Compute(student, teacher, batch, null);
}
