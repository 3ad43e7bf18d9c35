namespace Decant.Evaluation;

/// <summary>How close a student is to its teacher, regardless of the labels.</summary>
/// <param name="SameAnswer">The share of samples to which both give the same answer, from 0 to 1.</param>
/// <param name="MeanKl">Mean over the samples of KL(teacher ‖ student) = Σ p (log p − log q) at temperature 1, in nats; 0 when the two agree.</param>
internal sealed record Agreement(double SameAnswer, double MeanKl)
{
    /// <summary>Compares two models on the same samples.</summary>
    /// <exception cref="DecantException">Other samples, another order, or another number of classes.</exception>
    public static Agreement Of(Predictions student, Predictions teacher)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        PredictionChecks.CheckPaired(student, teacher);
        if (student.Classes != teacher.Classes)
            throw new DecantException($"The student knows {student.Classes} classes and the teacher {teacher.Classes}; their answers cannot be compared.");
        double same = 0, divergence = 0;
        var (p, q) = (new double[teacher.Classes], new double[student.Classes]);
        for (var i = 0; i < student.Count; i++)
        {
            same += student.Answers[i] == teacher.Answers[i] ? 1 : 0;
            LogSoftmax.Into(teacher.Row(i), p);
            LogSoftmax.Into(student.Row(i), q);
            divergence += Divergence(p, q);
        }
        return new Agreement(same / student.Count, divergence / student.Count);
    }

    private static double Divergence(double[] logP, double[] logQ)
    {
        double sum = 0;
        for (var c = 0; c < logP.Length; c++)
            sum += Math.Exp(logP[c]) * (logP[c] - logQ[c]);
        return Math.Max(0, sum); // rounding alone can make it negative
    }
}
