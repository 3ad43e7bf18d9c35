using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Features;

/// <summary>Options of <c>contrastive-representation</c>.</summary>
public sealed record ContrastiveRepresentation : FeatureOptions
{
    /// <summary>The path of the student's vector; what its head reads.</summary>
    [Description("module path of the student's representation")]
    public string Student { get; init; } = Model.Representation;

    /// <summary>The path of the teacher's vector; what its head reads.</summary>
    [Description("module path of the teacher's representation")]
    public string Teacher { get; init; } = Model.Representation;

    /// <summary>D, the length of the vectors that are compared; 128.</summary>
    [Description("dimension of the projected representations")]
    [Range(2, 4096)]
    public int Dimensions { get; init; } = 128;

    /// <summary>K, how many other samples are drawn for each batch; all of them where there are no more; 4096.</summary>
    [Description("number of negative samples per batch")]
    [Range(1, 1_000_000)]
    public int Negatives { get; init; } = 4096;

    /// <summary>What dot products are divided by; 0.07.</summary>
    [Description("temperature of the contrastive loss")]
    [Range(0.01, 100.0)]
    public double ContrastTemperature { get; init; } = 0.07;

    /// <summary>The share of the old vector of a sample that stays when it is seen again; 0.5.</summary>
    [Description("momentum of the memory bank: weight of a sample's old representation when it is updated")]
    [Range(0.0, 0.999)]
    public double Momentum { get; init; } = 0.5;
}

/// <summary>
/// Contrastive representation distillation: a student's vector is to be recognised as its own sample's, and not another's, when it is compared with the teacher's vectors of
/// many samples; and the other way round. Per sample log(1 + c ÷ e) + Σ_k log(1 + e_k ÷ c) for both directions, e = exp(v·m ÷ T) ÷ Z, c = K ÷ N.
/// </summary>
/// <remarks>
/// Tian et al. 2020, arXiv:1910.10699, §3. The vectors m of all N samples are in two banks, N × D, by the sample's id. They are part of checkpoints. Deviations: the negatives
/// are drawn once for a batch, not once for each of its samples, and from all other samples of any class.
/// </remarks>
internal sealed class ContrastiveRepresentationObjective : FeatureObjective, IStatefulObjective
{
    private const string Name = "contrastive-representation";
    private const int StudentSide = 0, TeacherSide = 1;

    private readonly ContrastiveRepresentation _options;
    private readonly FeatureShape _student;
    private readonly FeatureShape _teacher;
    private readonly ContrastBank _bank;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">Paths, sizes, temperature.</param>
    /// <param name="context">The models, and how many samples the student learns from.</param>
    /// <exception cref="DecantException">There are no such vectors, one of every sample; or the banks would be too large.</exception>
    public ContrastiveRepresentationObjective(ContrastiveRepresentation options, ObjectiveContext context) : base(Name)
    {
        _options = options.Checked();
        _student = Found(Name, () => Vector(context.Student, options.Student));
        _teacher = Found(Name, () => Vector(context.Teacher, options.Teacher));
        _bank = Found(Name, () => new ContrastBank(context.Samples, options.Dimensions, context.Generator));
        Weights.Project(StudentSide, FeatureProjection.To(options.Dimensions, _student, context.Generator));
        Weights.Project(TeacherSide, FeatureProjection.To(options.Dimensions, _teacher, context.Generator));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> StudentFeatures => [_options.Student];

    /// <inheritdoc/>
    public override IReadOnlyList<string> TeacherFeatures => [_options.Teacher];

    /// <summary>The banks, the sample of each row, the constants Z, and how often negatives were drawn.</summary>
    public IReadOnlyDictionary<string, Tensor> State => _bank.State;

    /// <inheritdoc/>
    public void Restore(IReadOnlyDictionary<string, Tensor> state) => _bank.Restore(state);

    /// <inheritdoc/>
    public override long Count(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.Size;
    }

    private protected override void Release()
    {
        _bank.Dispose();
        base.Release();
    }

    private protected override Tensor Sum(Func<string, Tensor> student, Func<string, Tensor> teacher, Batch batch)
    {
        var (s, t) = (student(_options.Student), teacher(_options.Teacher));
        _student.Check(s, batch);
        _teacher.Check(t, batch);
        if (batch.Rows != batch.Size)
            throw new DecantException($"{Name} compares samples, one vector each; this task has {batch.Rows} answers for {batch.Size} samples. Leave it out for models of tokens and for pairs of texts.");
        var (v, w) = (Unit(StudentSide, s), Unit(TeacherSide, t));                                                  // [B, D]
        var draw = _bank.Draw(batch.Ids, _options.Negatives, v.Device);
        var sum = OfSide(v, TeacherSide, draw) + OfSide(w, StudentSide, draw);
        if (Autograd.IsEnabled) // a trial teaches nothing, and nothing is remembered of it
            _bank.Remember(draw, v.Detach(), w.Detach(), _options.Momentum);
        return sum;
    }

    private Tensor Unit(int side, Tensor vectors) => Directions.Unit(Weights.Projected(side, vectors), -1);

    // The vectors of one model against the bank of the other.
    private Tensor OfSide(Tensor vectors, int bank, ContrastDraw draw)
    {
        var own = (vectors * _bank.Rows(bank, draw.Positives)).Sum(-1) / _options.ContrastTemperature;              // [B]
        var others = vectors.MatMul(_bank.Rows(bank, draw.Negatives).Transpose(0, 1)) / _options.ContrastTemperature; // [B, K]
        var logShare = _bank.LogShare(bank, own, others, draw);                                                     // log c·Z
        return (logShare - own).Softplus().Sum() + (others - logShare).Softplus().MaskedFill(draw.IsOwn, 0).Sum();
    }

    private static FeatureShape Vector(FeatureMap map, string path)
    {
        var shape = FeatureShape.Of(map, path);
        return shape.Form == FeatureForm.Rows ? shape : throw new DecantException($"{shape} is no vector of a sample, [B, H]. Choose 'representation', or another path.");
    }
}
