using Decant.Torch;

namespace Decant.Signals;

/// <summary>The kinds of knowledge that a teacher can give and an objective can need.</summary>
[Flags]
public enum SignalKinds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Logits over all classes.</summary>
    DenseLogits = 1,
}

/// <summary>What a teacher says of a batch.</summary>
public abstract record TeacherSignal
{
    /// <summary>All of its tensors.</summary>
    public abstract IReadOnlyList<Tensor> Tensors { get; }
}

/// <summary>The teacher's logits over all classes.</summary>
/// <param name="Logits">[B, C], detached; untempered (temperature 1).</param>
public sealed record DenseLogits(Tensor Logits) : TeacherSignal
{
    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Tensors => [Logits];
}
