using Decant.Data.Batching;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Relations;

/// <summary>Compares how the samples of a batch lie to each other, in the student's space and in the teacher's; the widths of the two may differ.</summary>
/// <remarks>
/// A batch of B samples gives B times the mean over its relations, and counts B: several batches of an update are weighted by their samples. One sample has no
/// relation and counts 0. Where a sample is a pair of texts with a vector each, B counts texts.
/// </remarks>
internal abstract class RelationObjective : IFeatureObjective
{
    private readonly RelationSource _of;

    /// <summary>An objective of some options.</summary>
    /// <param name="kind">Its kind in recipes.</param>
    /// <param name="options">What it reads.</param>
    /// <param name="context">The training; its models are checked for the paths; null: they are not checked.</param>
    /// <exception cref="DecantException">Paths beside <c>representation: logits</c>, or a path that a model does not have.</exception>
    protected RelationObjective(string kind, RelationOptions options, ObjectiveContext? context)
    {
        ArgumentNullException.ThrowIfNull(options);
        (Kind, _of) = (kind, options.Checked().Representation);
        if (_of == RelationSource.Logits)
        {
            if ((options.Student ?? options.Teacher) is { } path)
                throw new DecantException($"{kind}: 'representation: logits' compares logits, and '{path}' is the path of an inner value; leave one of the two out.");
            return;
        }

        StudentFeatures = [options.Student ?? Model.Representation];
        TeacherFeatures = [options.Teacher ?? Model.Representation];
        _ = context?.Student.ShapeOf(StudentFeatures[0]);
        _ = context?.Teacher.ShapeOf(TeacherFeatures[0]);
    }

    /// <inheritdoc/>
    public string Kind { get; }

    /// <inheritdoc/>
    public SignalKinds Needs => ReadsLogits ? SignalKinds.DenseLogits : SignalKinds.Features;

    /// <inheritdoc/>
    public bool ReadsLogits => _of == RelationSource.Logits;

    /// <inheritdoc/>
    bool IObjective.NeedsEqualOutputs => false;

    /// <inheritdoc/>
    public IReadOnlyList<string> StudentFeatures { get; } = [];

    /// <inheritdoc/>
    public IReadOnlyList<string> TeacherFeatures { get; } = [];

    /// <summary>Whether images [B, C, H, W] are represented by all their values; false: by each channel's mean.</summary>
    protected virtual bool KeepsPlanes => false;

    /// <inheritdoc/>
    public long Count(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.Inputs > 1 ? batch.Inputs : 0;
    }

    /// <inheritdoc/>
    /// <exception cref="DecantException">A model gives no vector per sample there.</exception>
    public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Inputs == 0)
            return LossSum.Nothing();
        var own = Vectors(OfStudent(student), "The student", batch);                                                // [B, D]
        var others = Vectors(OfTeacher(teacher), "The teacher", batch);                                             // [B, D']
        return batch.Inputs == 1 ? LossSum.Nothing() : new(Mean(own, others) * batch.Inputs, batch.Inputs);
    }

    /// <summary>The mean over the relations of a batch of two samples or more.</summary>
    /// <param name="student">[B, D] float32, part of the graph.</param>
    /// <param name="teacher">[B, D'] float32.</param>
    /// <returns>A scalar.</returns>
    protected abstract Tensor Mean(Tensor student, Tensor teacher);

    private Tensor OfStudent(StudentOutput student) => ReadsLogits ? student.Logits : student.Features[StudentFeatures[0]];

    private Tensor OfTeacher(TeacherSignal? teacher) => teacher switch
    {
        DenseLogits { Logits: var logits } when ReadsLogits => logits,
        not null when !ReadsLogits && teacher.Features.TryGetValue(TeacherFeatures[0], out var feature) => feature,
        _ => throw new InvalidOperationException($"{Kind} needs {Needs} of the teacher; {teacher?.GetType().Name ?? "no signal"} came without. Compare IObjective.Needs with ITeacher.Offer first."),
    };

    private Tensor Vectors(Tensor value, string owner, Batch batch)
    {
        try
        {
            return SampleVectors.Of(value, batch, KeepsPlanes);
        }
        catch (DecantException fault)
        {
            var path = ReadsLogits ? "logits" : owner == "The student" ? StudentFeatures[0] : TeacherFeatures[0];
            throw new DecantException($"{Kind} compares samples. {owner}'s '{path}' {fault.Message}", fault.ExitCode, fault);
        }
    }
}
