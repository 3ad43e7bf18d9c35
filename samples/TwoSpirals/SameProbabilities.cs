using Decant.Data.Batching;
using Decant.Signals;

/// <summary>Σ(p − q)²: the squared distance between the teacher's probabilities and the student's.</summary>
internal sealed class SameProbabilities : IObjective
{
    public string Kind => "same-probabilities";

    public SignalKinds Needs => SignalKinds.DenseLogits;

    public long Count(Batch batch) => batch.Size;       // every sample, labelled or not

    public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch)
    {
        var p = ((DenseLogits)teacher!).Logits.Softmax(-1);             // [B, C]
        var q = student.Logits.Softmax(-1);                             // [B, C]
        return new((p - q).Square().Sum(), batch.Size);
    }
}
