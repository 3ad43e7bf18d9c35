using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.SampleWeights;

/// <summary>Reads what an objective compares: both models' logits in float32, of one shape.</summary>
internal static class TeacherLogits
{
    /// <summary>The student's logits [B, C] and the teacher's; of a teacher that gives the largest probabilities alone, both over what is known of them.</summary>
    /// <exception cref="InvalidOperationException">The signal holds none: the check of needs against offers was left out.</exception>
    /// <exception cref="DecantException">The shapes differ; broadcasting one class over many would be a silent fault.</exception>
    public static (Tensor Student, Tensor Teacher) Logits(StudentOutput student, TeacherSignal? signal)
    {
        if (signal is TopLogProbabilities top)
        {
            RequireClasses(student, top.Classes);
            return top.Compared(student.Logits.To(DType.Float32));
        }

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

    /// <summary>Refuses a student of other classes than those that ids are of.</summary>
    /// <exception cref="DecantException">It has more or fewer.</exception>
    public static void RequireClasses(StudentOutput student, int classes)
    {
        if (student.Logits.Size(-1) != classes)
            throw new DecantException($"The student answers with {student.Logits.Size(-1)} classes, and its teacher's answers are of {classes}. Both must have the same classes in the same order.");
    }
}
