using System.ComponentModel;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Objectives.Features;
using Decant.Objectives.SampleWeights;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Logits;

/// <summary>What a projection begins as.</summary>
public enum ProjectionStart
{
    /// <summary>Drawn as any linear layer is.</summary>
    Random,

    /// <summary>The principal components of the teacher's vectors: the student's numbers are the teacher's coordinates along its directions of the largest variance.</summary>
    Pca,
}

/// <summary>Options of <c>vectors</c>.</summary>
public sealed record Vectors : RowObjectiveOptions
{
    /// <summary>How two vectors are compared; cosine.</summary>
    [Description("distance of the student's vector from the teacher's")]
    public StateDistance Distance { get; init; } = StateDistance.Cosine;

    /// <summary>What makes the student's vector as long as the teacher's; a linear map where they are not.</summary>
    [Description("projection of the student's vector to the teacher's width; trained with the student, and not part of it")]
    public Projection Projection { get; init; } = Projection.Auto;

    /// <summary>What a linear map begins as; random.</summary>
    [Description("initialization of a linear projection: random, or pca, the principal components of the teacher's vectors of up to 10,000 samples")]
    public ProjectionStart Start { get; init; } = ProjectionStart.Random;
}

/// <summary>
/// The vectors that models of embeddings answer with: per sample the distance of P(s) from t, where P is a projection that is trained with the student and left behind, or nothing where both are as
/// wide.
/// </summary>
/// <remarks>The projection of Romero et al. 2015 (FitNets), arXiv:1412.6550, at the output; begun with principal components, s learns the coordinates that keep most of t.</remarks>
internal sealed class VectorsObjective : IRowObjective, IAdaptiveObjective, ITrainedObjective, IDisposable
{
    private const int MostAnswers = 10_000;

    private readonly FeatureWeights _weights = new();
    private readonly StateDistance _distance;
    private readonly FeatureProjection? _projection;
    private Action? _begin; // null: nothing is to be done, or it was done

    /// <summary>The objective with its options.</summary>
    /// <param name="options">Distance and projection; null: those by default.</param>
    /// <param name="context">The training; null: student and teacher are equally wide.</param>
    /// <exception cref="DecantException">The widths differ and no projection is allowed, or principal components are wanted where they cannot be.</exception>
    public VectorsObjective(Vectors? options = null, ObjectiveContext? context = null)
    {
        options = (options ?? new()).Checked();
        _distance = options.Distance;
        if (context?.Outputs is { } widths)
            _projection = FeatureProjection.Between(("The student's vector", widths.Student), ("The teacher's vector", widths.Teacher), options.Projection, context.Generator);
        _weights.Project(0, _projection);
        CheckStart(options, _projection, context);
        _begin = options.Start == ProjectionStart.Pca ? () => Begin(_projection!, context!.TeacherAnswers!(MostAnswers), context.Outputs!.Value.Student) : null;
    }

    /// <inheritdoc/>
    public string Kind => "vectors";

    /// <inheritdoc/>
    public SignalKinds Needs => SignalKinds.DenseLogits;

    /// <summary>True, unless there is a projection: logits in parts give gradients back to the student alone.</summary>
    public bool IsRowwise => _projection is null;

    /// <summary>False where a projection makes them equal.</summary>
    public bool NeedsEqualOutputs => _projection is null;

    /// <inheritdoc/>
    public Module Trained => _weights;

    /// <summary>Nothing changes but by training.</summary>
    public IReadOnlyDictionary<string, double> Settings => new Dictionary<string, double>();

    /// <summary>Before the first update the projection begins; a resumed training has the weights of its checkpoint.</summary>
    public void Begin(double progress)
    {
        if (progress == 0)
            _begin?.Invoke();
        _begin = null;
    }

    /// <inheritdoc/>
    public long Count(Batch batch) => batch.Rows;

    /// <inheritdoc/>
    public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch, Tensor? rowWeights = null)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Rows == 0)
            return LossSum.Nothing();
        using var scope = TensorScope.Open();
        var projected = _weights.Projected(0, student.Logits.To(DType.Float32));                     // [R, D]
        var (s, t) = TeacherLogits.Logits(student with { Logits = projected }, teacher);
        var isMasked = s.Minimum(t).EqualTo(double.NegativeInfinity);                                // [R, D]: a class that either rules out has no part
        var rows = _distance.Between(s.MaskedFill(isMasked, 0), t.Detach().MaskedFill(isMasked, 0)); // [R]
        return new(scope.Keep((rowWeights is null ? rows : rows * rowWeights).Sum()), batch.Rows);
    }

    /// <summary>Releases the projection.</summary>
    public void Dispose()
    {
        _weights.Dispose();
        GC.SuppressFinalize(this);
    }

    private static void Begin(FeatureProjection projection, Tensor answers, long width)
    {
        using var scope = TensorScope.Open();
        using (answers)
        {
            var (mean, directions, _) = PrincipalComponents.Of(answers, width);
            projection.BeginAs(mean, directions);
        }
    }

    private static void CheckStart(Vectors options, FeatureProjection? projection, ObjectiveContext? context)
    {
        if (options.Start != ProjectionStart.Pca)
            return;
        if (context is not { TeacherAnswers: not null, Outputs: { } widths })
            throw Refused("needs a teacher's vectors to begin with, and there is no teacher here");
        if (projection is null)
            throw Refused($"is for a projection, and both vectors have {widths.Teacher} numbers, so there is none");
        if (options.Projection == Projection.Mlp)
            throw Refused("is for one linear map, and 'projection: mlp' is two");
        if (widths.Student > widths.Teacher)
            throw Refused($"needs a student's vector no longer than its teacher's, and they have {widths.Student} and {widths.Teacher} numbers");

        static DecantException Refused(string why) => new($"vectors: 'start: pca' {why}; leave 'start' out.");
    }
}
