using Decant.Torch;

namespace Decant.Objectives.Features;

/// <summary>
/// Σ over tokens of the mean over r heads of KL(softmax(X_t·Y_tᵀ ÷ √d_t) ‖ softmax(X_s·Y_sᵀ ÷ √d_s)), some samples and heads at a time: r·T² relations of a whole
/// batch would take more memory than the model. Value and gradient come out of the same pass, and nothing of T² stays.
/// </summary>
internal static class RelationDivergence
{
    /// <summary>Relations that are made at a time; 16 MiB in float32.</summary>
    internal const long PartElements = 4 << 20;

    // Far below any score, and finite: a row of nothing but hidden tokens is even, not NaN.
    private const double Out = -1e30;

    /// <summary>The sum, differentiable by the student's vectors.</summary>
    /// <param name="student">X and Y [B, r, T, d_s], part of the graph; may be one tensor.</param>
    /// <param name="teacher">X and Y [B, r, T, d_t].</param>
    /// <param name="mask">The pairs of tokens that count.</param>
    /// <param name="partElements">Relations at a time.</param>
    public static Tensor Of((Tensor Left, Tensor Right) student, (Tensor Left, Tensor Right) teacher, RelationMask mask, long partElements = PartElements)
    {
        var isOne = ReferenceEquals(student.Left, student.Right);
        var (value, left, right) = Added(student, teacher, mask, partElements, isOne);
        return isOne ? Autograd.WithGradients(value, [student.Left], [left]) : Autograd.WithGradients(value, [student.Left, student.Right], [left, right]);
    }

    private static (Tensor Value, Tensor Left, Tensor Right) Added(
        (Tensor Left, Tensor Right) student, (Tensor Left, Tensor Right) teacher, RelationMask mask, long partElements, bool isOne)
    {
        using var noGrad = Autograd.NoGrad();
        var value = Tensor.Zeros([], device: student.Left.Device);
        var left = student.Left.Detach().ZerosLike();
        var right = isOne ? left : student.Right.Detach().ZerosLike();
        foreach (var part in Parts(student.Left.Size(0), student.Left.Size(1), student.Left.Size(2), partElements))
        {
            using var scope = TensorScope.Open();
            var (s, t) = ((part.Of(student.Left.Detach()), part.Of(student.Right.Detach())), (part.Of(teacher.Left), part.Of(teacher.Right)));
            var (divergence, difference) = OfPart(s, t, mask.Samples(part.Sample, part.Samples), student.Left.Size(1));
            value.AddInPlace(divergence);
            part.Of(left).AddInPlace(difference.MatMul(s.Item2));
            part.Of(right).AddInPlace(difference.Transpose(2, 3).MatMul(s.Item1));
        }

        return (value, left, right);
    }

    // The divergence, and its derivative for the products X_s·Y_sᵀ: (q − p) ÷ (√d·r), for tokens that count.
    private static (Tensor Value, Tensor Difference) OfPart((Tensor Left, Tensor Right) student, (Tensor Left, Tensor Right) teacher, RelationMask mask, long heads)
    {
        var logQ = LogRelations(student, mask);                                                                     // [b, h, T, T]
        var logP = LogRelations(teacher, mask);                                                                     // [b, h, T, T]
        var p = logP.Exp();
        var perToken = (p * (logP - logQ)).Sum(-1, keep: true);                                                     // [b, h, T, 1]
        var difference = (logQ.Exp() - p) * (Scale(student.Left) / heads);                                          // [b, h, T, T]
        return mask.Counted is { } counted ? ((perToken * counted).Sum() / heads, difference * counted) : (perToken.Sum() / heads, difference);
    }

    private static Tensor LogRelations((Tensor Left, Tensor Right) vectors, RelationMask mask)
    {
        var scores = vectors.Left.MatMul(vectors.Right.Transpose(2, 3)) * Scale(vectors.Left);
        return (mask.Hidden is { } hidden ? scores.MaskedFill(hidden, Out) : scores).LogSoftmax(-1);
    }

    private static double Scale(Tensor vectors) => 1 / Math.Sqrt(vectors.Size(-1));

    private static IEnumerable<Part> Parts(long samples, long heads, long length, long elements)
    {
        var most = Math.Max(1, elements / Math.Max(1, length * length)); // T × T maps at a time
        var (samplesEach, headsEach) = (Math.Max(1, most / heads), Math.Min(most, heads));
        for (var sample = 0L; sample < samples; sample += samplesEach)
        {
            for (var head = 0L; head < heads; head += headsEach)
                yield return new(sample, Math.Min(samplesEach, samples - sample), head, Math.Min(headsEach, heads - head));
        }
    }

    private readonly record struct Part(long Sample, long Samples, long Head, long Heads)
    {
        public Tensor Of(Tensor vectors) => vectors.Narrow(0, Sample, Samples).Narrow(1, Head, Heads);
    }
}
