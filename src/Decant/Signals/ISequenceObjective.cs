using Decant.Data.Batching;
using Decant.Torch;

namespace Decant.Signals;

/// <summary>
/// An objective over texts, in which a row's share may depend on all rows of its text: they are looked at once without gradients, and then each row's share is made of that row and
/// of its own factors, so that logits may be made some rows at a time both times.
/// </summary>
internal interface ISequenceObjective : IObjective
{
    /// <summary>Whether factors depend on what the models say of a batch; false: on the batch alone.</summary>
    bool LooksAhead(Batch batch);

    /// <summary>What the factors are made of, without gradients.</summary>
    /// <param name="student">The student's answer to some rows.</param>
    /// <param name="teacher">The teacher's.</param>
    /// <param name="rows">The rows.</param>
    /// <returns>[n, any].</returns>
    Tensor Look(StudentOutput student, TeacherSignal? teacher, Batch rows);

    /// <summary>The factors of all rows.</summary>
    /// <param name="batch">The whole batch.</param>
    /// <param name="looked">What <see cref="Look"/> said of all its rows; null where it does not look.</param>
    /// <returns>[R, any], no part of the graph; null: all rows count alike.</returns>
    Tensor? Factors(Batch batch, Tensor? looked);

    /// <summary>The sum over some rows.</summary>
    /// <param name="student">The student's answer.</param>
    /// <param name="teacher">The teacher's.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="factors">Theirs.</param>
    LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch rows, Tensor? factors);

    /// <inheritdoc/>
    bool IObjective.IsRowwise => true;

    /// <inheritdoc/>
    LossSum IObjective.Compute(StudentOutput student, TeacherSignal? teacher, Batch batch)
    {
        Tensor Looked()
        {
            using var noGrad = Autograd.NoGrad();
            return Look(student, teacher, batch);
        }

        return Count(batch) == 0 ? LossSum.Nothing() : Compute(student, teacher, batch, Factors(batch, LooksAhead(batch) ? Looked() : null));
    }
}
