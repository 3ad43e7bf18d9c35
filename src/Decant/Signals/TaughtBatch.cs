using Decant.Data.Batching;

namespace Decant.Signals;

/// <summary>A batch with what the teacher says of it; owns both.</summary>
internal sealed class TaughtBatch : IDisposable
{
    private readonly TeacherSignal? _answer;

    /// <summary>A batch with its teacher's answer.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="answer">The teacher's answer, its tensors in no scope; null: the teacher was not asked yet.</param>
    public TaughtBatch(Batch batch, TeacherSignal? answer = null) => (Batch, _answer) = (batch, answer);

    /// <summary>The batch.</summary>
    public Batch Batch { get; }

    /// <summary>The teacher's answer; asked for now where the batch has none, and then it belongs to the current scope.</summary>
    public TeacherSignal? AnswerOf(ITeacher? teacher) => _answer ?? teacher?.Answer(Batch);

    /// <summary>Releases the batch and the answer.</summary>
    public void Dispose()
    {
        Batch.Dispose();
        foreach (var tensor in _answer?.Tensors ?? [])
            tensor.Dispose();
    }
}
