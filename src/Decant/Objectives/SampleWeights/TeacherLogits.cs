using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.SampleWeights;

/// <summary>Reads what an objective compares: both models' logits in float32, of one shape.</summary>
internal static class TeacherLogits
{
    /// <summary>The student's logits [B, C] and the teacher's.</summary>
    /// <exception cref="InvalidOperationException">The signal holds none: the check of needs against offers was left out.</exception>
    /// <exception cref="DecantException">The shapes differ; broadcasting one class over many would be a silent fault.</exception>
    public static (Tensor Student, Tensor Teacher) Logits(StudentOutput student, TeacherSignal? signal)
    {
        if (signal is not DenseLogits { Logits: var teacher })
            throw new InvalidOperationException($"This objective needs the teacher's logits; {signal?.GetType().Name ?? "no signal"} came. Compare IObjective.Needs with ITeacher.Offer first.");
        if (!student.Logits.Shape.AsSpan().SequenceEqual(teacher.Shape))
        {
            throw new DecantException(
                $"Student and teacher answer with different shapes: [{string.Join(", ", student.Logits.Shape)}] and [{string.Join(", ", teacher.Shape)}]. " +
                "Both must have the same classes in the same order.");
        }

        return (student.Logits.To(DType.Float32), teacher.To(DType.Float32));
    }
}
