using Decant.Torch;

namespace Decant.Objectives.Temperatures;

/// <summary>A teacher's confidence in each row, from 0 (all classes equally probable) to 1 (one class has probability 1); at temperature 1.</summary>
internal static class TeacherConfidence
{
    /// <summary>1 − H(p) ÷ ln C, H the entropy.</summary>
    /// <param name="teacherLogits">[R, C] float32, no part of the graph.</param>
    /// <returns>[R, 1].</returns>
    public static Tensor ByEntropy(Tensor teacherLogits)
    {
        var logP = teacherLogits.LogSoftmax(-1);                                                                    // [R, C]
        var p = logP.Exp();                                                                                         // [R, C]
        var entropy = -(p * logP.MaskedFill(p.EqualTo(0), 0)).Sum(-1, keep: true);                                  // [R, 1]
        return (1 - entropy / Math.Log(Math.Max(2, logP.Size(-1)))).Clamp(0, 1);
    }

    /// <summary>(max p − 1 ÷ C) ÷ (1 − 1 ÷ C).</summary>
    /// <param name="teacherLogits">[R, C] float32, no part of the graph.</param>
    /// <returns>[R, 1].</returns>
    public static Tensor ByConfidence(Tensor teacherLogits)
    {
        var logP = teacherLogits.LogSoftmax(-1);                                                                    // [R, C]
        var even = 1.0 / Math.Max(2, logP.Size(-1));
        return ((logP.Max(-1, keep: true).Exp() - even) / (1 - even)).Clamp(0, 1);
    }
}
