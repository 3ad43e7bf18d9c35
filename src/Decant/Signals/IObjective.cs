using Decant.Data.Batching;

namespace Decant.Signals;

/// <summary>Something that a student learns from.</summary>
public interface IObjective
{
    /// <summary>Its kind in recipes, like <c>soft-targets</c>.</summary>
    string Kind { get; }

    /// <summary>What it needs of the teacher; <see cref="SignalKinds.None"/> when it learns from labels alone.</summary>
    SignalKinds Needs { get; }

    /// <summary>
    /// Whether its sum is one over rows of logits, each row's share made of that row alone: then it may be computed some rows at a time. Default: false.
    /// </summary>
    bool IsRowwise => false;

    /// <summary>Whether it reads the student's logits; default: true. One that does not is computed apart where logits are made some rows at a time.</summary>
    bool ReadsLogits => true;

    /// <summary>Whether it compares the student's answer with the teacher's number by number, so that both must have as many; false: how samples lie to each other in each.</summary>
    internal bool NeedsEqualOutputs => true;

    /// <summary>Why it cannot learn from what a teacher gives, as what follows its kind in a sentence; null: it can.</summary>
    internal string? WhyNot(TeacherOffer offer) => (Needs & ~offer.Kinds) == 0 ? null : offer.Lacks(Needs);

    /// <summary>How many samples or positions of a batch will count, known before anything is computed: the loop divides by the sum over an accumulated batch.</summary>
    long Count(Batch batch);

    /// <summary>The sum of the objective over a batch, in float32 for any dtype of the models.</summary>
    /// <param name="student">The student's answer.</param>
    /// <param name="teacher">The teacher's; null only when <see cref="Needs"/> is none.</param>
    /// <param name="batch">The batch both were given.</param>
    LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch);
}
