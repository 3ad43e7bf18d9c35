using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Ranking;

/// <summary>An objective about the order of a query's documents: a sum over queries, each of which counts once however many documents it has.</summary>
/// <param name="kind">Its kind in recipes.</param>
/// <param name="options">What cosines are multiplied by.</param>
internal abstract class RankingObjective(string kind, RankingOptions options) : IObjective
{
    /// <inheritdoc/>
    public string Kind => kind;

    /// <inheritdoc/>
    public abstract SignalKinds Needs { get; }

    /// <summary>False: the documents of a query are compared with each other.</summary>
    public bool IsRowwise => false;

    /// <summary>False: a teacher that gives scores teaches a student that makes vectors, and the other way round.</summary>
    bool IObjective.NeedsEqualOutputs => false;

    /// <inheritdoc/>
    public long Count(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Needs == SignalKinds.None ? Ranked(batch).LabelledSamples : batch.Size;
    }

    /// <inheritdoc/>
    public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(batch);
        var count = Count(batch);
        if (count == 0)
            return LossSum.Nothing();
        using var scope = TensorScope.Open();
        var taught = Needs == SignalKinds.None ? null : ScoresOf(Checked(LogitsOf(teacher), batch, "teacher").Detach(), batch);
        return new(scope.Keep(Sum(Checked(student.Logits, batch, "student").To(DType.Float32), taught, batch, Ranked(batch))), count);
    }

    private static Tensor LogitsOf(TeacherSignal? teacher) => teacher?.Whole() is DenseLogits { Logits: var logits } ? logits
        : throw new InvalidOperationException($"This objective needs the teacher's scores or vectors; {teacher?.GetType().Name ?? "no signal"} came. Compare IObjective.Needs with ITeacher.Offer first.");

    private Tensor Checked(Tensor answers, Batch batch, string model) => answers.Size(0) == batch.Rows ? answers
        : throw new DecantException($"{kind}: the {model} answers with [{string.Join(", ", answers.Shape)}], and the batch has {batch.Rows} rows; expected a score or a vector for each.");

    /// <summary>The sum over the queries of a batch.</summary>
    /// <param name="answers">What the student answers [R, C].</param>
    /// <param name="teacher">The teacher's scores of the documents [P]; null where none are needed.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="ranked">Its rows.</param>
    private protected abstract Tensor Sum(Tensor answers, Tensor? teacher, Batch batch, RankedRows ranked);

    /// <summary>The scores of the documents [P] of what a model answers.</summary>
    private protected Tensor ScoresOf(Tensor answers, Batch batch) => Ranked(batch).Scores(answers.To(DType.Float32), options.CosineScale);

    private RankedRows Ranked(Batch batch) => batch.Ranked ?? throw new DecantException($"{kind}: it puts the documents of a query in order, and the samples are no queries with documents; give a source such as 'kind: rankings'.");
}
