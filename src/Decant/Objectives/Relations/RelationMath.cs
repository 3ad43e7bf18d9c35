using Decant.Torch;

namespace Decant.Objectives.Relations;

/// <summary>What the relations have in common.</summary>
internal static class RelationMath
{
    private const long Mean = 1;
    private const long Sum = 2;
    private static readonly Operator s_smoothL1 = new("aten::smooth_l1_loss");

    /// <summary>Every vector by its length. One of length 0 stays 0 and gets no gradient: it has no direction that could be turned.</summary>
    /// <param name="vectors">[…, D].</param>
    public static Tensor Directions(Tensor vectors)
    {
        var lengths = vectors.Norm([-1], keep: true);
        return vectors / lengths.MaskedFill(lengths.EqualTo(0), double.PositiveInfinity); // 0 ÷ ∞, and a gradient of g ÷ ∞
    }

    /// <summary>The mean of ½·d² where |d| is below 1, of |d| − ½ elsewhere.</summary>
    public static Tensor SmoothL1Mean(Tensor student, Tensor teacher) => s_smoothL1.Call(student, teacher, Mean, 1.0);

    /// <summary>The same as a sum.</summary>
    public static Tensor SmoothL1Sum(Tensor student, Tensor teacher) => s_smoothL1.Call(student, teacher, Sum, 1.0);
}
