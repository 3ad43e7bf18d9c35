using Decant.Data.Batching;
using Decant.Torch;

namespace Decant.Signals;

/// <summary>What a teacher can give; compared with what the objectives need before any work starts.</summary>
/// <param name="Kinds">The kinds of knowledge.</param>
/// <param name="ClassNames">The classes in the order of its logits; empty where the task has none.</param>
/// <param name="TokenizerHash">The hash of the tokenizer that it reads text with; null for other inputs.</param>
public sealed record TeacherOffer(SignalKinds Kinds, IReadOnlyList<string> ClassNames, string? TokenizerHash = null)
{
    /// <summary>How many numbers an answer has: the classes, or the vocabulary of a language model, the width of an embedding.</summary>
    public int Outputs { get; init; } = ClassNames.Count;

    /// <summary>The only temperature at which its probabilities are exact; null, the default: any.</summary>
    internal double? Temperature { get; init; }

    /// <summary>That it lacks what an objective needs, as what follows the objective's kind in a sentence.</summary>
    internal string Lacks(SignalKinds needs) => (Kinds, needs) switch
    {
        (SignalKinds.SparseProbabilities, SignalKinds.DenseLogits) => "learns from all logits, and the teacher's answers are kept as drawn ids, or as the largest without the rest: use soft-cross-entropy, or keep them as logits",
        (SignalKinds.TopProbabilities, SignalKinds.DenseLogits) => "learns from all logits, and of the teacher's answers the largest probabilities are kept: use a divergence such as soft-targets, or keep them as logits",
        (SignalKinds.OtherTokens, _) => "compares answers to the same tokens, and the teacher reads the texts with a tokenizer of its own: use aligned-spans or universal-logit, or give both the teacher's tokenizer",
        _ => $"needs {needs} of the teacher, which gives {Kinds} only",
    };
}

/// <summary>A teacher with a state from batch to batch: it gets the batches in order, one at a time.</summary>
internal interface ICarriesState
{
    /// <summary>Restores what <see cref="TeacherSignal.StateAfter"/> of an earlier answer said.</summary>
    /// <param name="state">To be copied.</param>
    /// <exception cref="DecantException">It is of another model.</exception>
    void Restore(IReadOnlyDictionary<string, Tensor> state);
}

/// <summary>A teacher: frozen, in evaluation mode, without gradients.</summary>
public interface ITeacher : IDisposable
{
    /// <summary>What it can give.</summary>
    TeacherOffer Offer { get; }

    /// <summary>Where the batches must be that it answers, and where its answers are; null, the default: wherever the batch is.</summary>
    Device? Device => null;

    /// <summary>Whether several threads may call it at once; default: false.</summary>
    bool IsConcurrent => false;

    /// <summary>Answers a batch. Its tensors belong to the current scope. The thread that asks may change from one call to the next.</summary>
    TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default);
}
