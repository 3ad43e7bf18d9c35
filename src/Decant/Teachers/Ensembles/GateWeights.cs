using Decant.Modules;
using Decant.Torch;

namespace Decant.Teachers.Ensembles;

/// <summary>Sample by sample, as a gate over the members' own answers says: w = softmax(A·[p₁ … p_K] + b).</summary>
/// <remarks>
/// A linear gate of a mixture of experts (Jacobs et al. 1991) over level-1 data as stacking has it (Wolpert 1992): what is learned is which member is to be believed
/// where it says what. It begins with equal weights, and is learned on samples that no member was trained on.
/// </remarks>
internal sealed class GateWeights : MemberWeights, IDisposable
{
    /// <summary>A gate that lets all members count alike.</summary>
    /// <param name="members">K.</param>
    /// <param name="classes">C.</param>
    public GateWeights(int members, int classes)
    {
        Gate = new Linear((long)members * classes, members);
        using var noGrad = Autograd.NoGrad();
        foreach (var (_, parameter) in Gate.NamedParameters())
            parameter.FillInPlace(0);
        Gate.RequireGrad(false);
    }

    /// <summary>A [K, K·C] and b [K].</summary>
    public Linear Gate { get; }

    /// <inheritdoc/>
    public override Tensor Of(Tensor log, Tensor? labels)
    {
        ArgumentNullException.ThrowIfNull(log);
        using var scope = TensorScope.Open();
        var answers = log.Exp().Transpose(0, 1).Reshape(log.Size(1), -1);                            // [R, K·C]
        return scope.Keep(Gate.Forward(answers).Softmax(1).Transpose(0, 1));                         // [K, R]
    }

    /// <summary>Releases the gate.</summary>
    public void Dispose() => Gate.Dispose();
}
