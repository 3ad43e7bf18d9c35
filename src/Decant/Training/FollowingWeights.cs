using Decant.Modules;
using Decant.Torch;

namespace Decant.Training;

/// <summary>Weights of a teacher that change with its student's: those of the last update, or their moving average.</summary>
/// <param name="teacher">A model of the student's shape; it stays the caller's.</param>
/// <param name="student">The student.</param>
/// <param name="momentum">m: θ′ ← m·θ′ + (1 − m)·θ; 0: the student's own.</param>
internal sealed class FollowingWeights(Module teacher, Module student, double momentum)
{
    /// <summary>All that later weights depend on beside the student's, by name; empty where they are the student's. The tensors are the teacher's.</summary>
    public IReadOnlyDictionary<string, Tensor> State => momentum > 0 ? teacher.StateDict() : new Dictionary<string, Tensor>();

    /// <summary>Goes on behind an update of the student. Whole numbers, as a buffer may have them, are copied.</summary>
    public void AfterUpdate()
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        var own = teacher.StateDict();
        foreach (var (name, learned) in student.StateDict())
        {
            if (momentum > 0 && learned.DType.IsFloatingPoint())
                own[name].LerpInPlace(learned, 1 - momentum);
            else
                own[name].CopyInPlace(learned);
        }
    }

    /// <summary>Restores a saved state; to be copied. The student has its weights of then already.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        if (momentum > 0)
            teacher.LoadStateDict(state);
        else
            AfterUpdate();
    }
}
