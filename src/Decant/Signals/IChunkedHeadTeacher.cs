using Decant.Data.Batching;
using Decant.Modules;

namespace Decant.Signals;

/// <summary>A teacher with logits that are one linear map of its states: with a large vocabulary the states are many times smaller, and can be kept where the logits cannot.</summary>
internal interface IChunkedHeadTeacher : ITeacher
{
    /// <summary>The map; its tensors are the teacher's; null where its model has none.</summary>
    OutputHead? Head { get; }

    /// <summary>What <see cref="ITeacher.Answer"/> says, before the logits are made. Its tensors belong to the current scope.</summary>
    /// <exception cref="InvalidOperationException">There is no <see cref="Head"/>.</exception>
    ChunkedHeadLogits States(Batch batch, CancellationToken cancellationToken = default);

    /// <summary>
    /// An answer of these states as <see cref="ITeacher.Answer"/> gives it: small ones with logits, made at once and so at the same time as the student's work
    /// where the cores are shared; large ones, which would not fit in memory, without. Its tensors belong to the current scope.
    /// </summary>
    /// <param name="states">[R, H].</param>
    /// <param name="head">The map.</param>
    static TeacherSignal AnswerOf(Decant.Torch.Tensor states, OutputHead head)
    {
        ArgumentNullException.ThrowIfNull(states);
        return states.Size(0) * head.Weight.Size(0) <= MostDense ? new DenseLogits(head.Logits(states)) : new ChunkedHeadLogits(states, head);
    }

    // 32 MiB in float32, of which a few may wait for the student.
    private const long MostDense = 8 << 20;
}
