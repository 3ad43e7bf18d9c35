using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives;

/// <summary>Reads a signal as what an objective declared that it needs.</summary>
internal static class TeacherLogits
{
    /// <summary>The dense logits [B, C] of a signal.</summary>
    /// <exception cref="InvalidOperationException">The signal holds none: the check of needs against offers was left out.</exception>
    public static Tensor Logits(this TeacherSignal? signal) => signal is DenseLogits dense
        ? dense.Logits
        : throw new InvalidOperationException($"This objective needs the teacher's logits; {signal?.GetType().Name ?? "no signal"} came. Compare IObjective.Needs with ITeacher.Offer first.");
}
