using Decant.Modules;
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

    /// <summary>Inner values, by path.</summary>
    Features = 2,

    /// <summary>The largest probabilities of each row, with the mass of all others or without.</summary>
    TopProbabilities = 4,

    /// <summary>Probabilities of some classes, drawn or kept, that stand for all in a cross-entropy.</summary>
    SparseProbabilities = 8,

    /// <summary>The log-probability of each token that was written.</summary>
    TokenScores = 16,

    /// <summary>Logits over another vocabulary, at the places of the text where tokens of both end.</summary>
    OtherTokens = 32,
}

/// <summary>What a teacher says of a batch.</summary>
public abstract record TeacherSignal
{
    /// <summary>The teacher's state after this batch, by name; empty where it has none.</summary>
    public IReadOnlyDictionary<string, Tensor> StateAfter { get; init; } = new Dictionary<string, Tensor>();

    /// <summary>The features that were requested, by path, detached; empty where none were.</summary>
    public IReadOnlyDictionary<string, Tensor> Features { get; init; } = new Dictionary<string, Tensor>();

    /// <summary>All tensors that are its own.</summary>
    public virtual IReadOnlyList<Tensor> Tensors => [.. StateAfter.Values, .. Features.Values];

    /// <summary>What it says of some rows, without inner values; views, in the current scope.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    public abstract TeacherSignal Rows(long first, long count);

    /// <summary>The same with logits of all rows at once, made in the current scope where there were none.</summary>
    public virtual TeacherSignal Whole() => this;
}

/// <summary>The teacher's logits over all classes.</summary>
/// <param name="Logits">[R, C], detached; untempered (temperature 1).</param>
public sealed record DenseLogits(Tensor Logits) : TeacherSignal
{
    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Tensors => [Logits, .. base.Tensors];

    /// <inheritdoc/>
    public override TeacherSignal Rows(long first, long count) => new DenseLogits(Logits.Narrow(0, first, count));
}

/// <summary>The teacher's logits before they are made: of a large vocabulary, those of all rows together may not fit in memory.</summary>
/// <param name="States">[R, H], detached.</param>
/// <param name="Head">The last linear map of the teacher; its tensors are the model's.</param>
internal sealed record ChunkedHeadLogits(Tensor States, OutputHead Head) : TeacherSignal
{
    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Tensors => [States, .. base.Tensors];

    /// <inheritdoc/>
    public override TeacherSignal Rows(long first, long count) => new DenseLogits(Logits(States.Narrow(0, first, count)));

    /// <inheritdoc/>
    public override TeacherSignal Whole() => new DenseLogits(Logits(States)) { Features = Features };

    private Tensor Logits(Tensor states)
    {
        using var noGrad = Autograd.NoGrad();
        return Head.Logits(states);
    }
}
