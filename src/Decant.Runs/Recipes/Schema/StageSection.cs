using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Kinds;

namespace Decant.Runs.Recipes.Schema;

/// <summary>One of the things that a student learns one after the other. What it leaves out is as <see cref="DistillSection"/> has it.</summary>
public sealed record StageSection
{
    /// <summary>Its name, in reports.</summary>
    [Description("name of the stage, for reports")]
    public required string Name { get; init; }

    /// <summary>How often its samples are gone through; this or <see cref="Steps"/>.</summary>
    [Description("number of epochs of the stage")]
    [Range(1, 1_000_000)]
    public int? Epochs { get; init; }

    /// <summary>How many optimizer steps are taken; this or <see cref="Epochs"/>.</summary>
    [Description("number of optimizer steps, instead of epochs")]
    [Range(1, 1_000_000_000)]
    public int? Steps { get; init; }

    /// <summary>The objectives; their weighted sum is minimized.</summary>
    [Description("objectives; their weighted sum is minimized")]
    [ChoiceOf(Sections.Objective)]
    public required IReadOnlyList<Choice> Objectives { get; init; }

    /// <summary>How the objectives' weights are meant; null: as <c>distill</c> says.</summary>
    [Description("combination of the weighted objectives: sum, or convex (weights from 0 to 1 that must sum to 1)")]
    public Balance? Combination { get; init; }

    /// <summary>The parts of the student that are trained, by module path; null with <see cref="Freeze"/>: as <c>distill</c> says.</summary>
    [Description("module paths of the student that are trained, such as layers.0; absent: all")]
    public IReadOnlyList<string>? Train { get; init; }

    /// <summary>The parts of the student that stay as they are, by module path; null with <see cref="Train"/>: as <c>distill</c> says.</summary>
    [Description("module paths of the student that are frozen; absent: none")]
    public IReadOnlyList<string>? Freeze { get; init; }

    /// <summary>The transfer set: samples that the stage learns from; null: as <c>distill</c> says.</summary>
    [Description("transfer set: the samples that the student is distilled on; absent: all training samples")]
    public TransferSection? TransferSet { get; init; }

    /// <summary>Samples in a batch; null: as <c>distill</c> says.</summary>
    [Description("batch size, in samples")]
    [Range(1, 1_000_000)]
    public int? Batch { get; init; }

    /// <summary>Tokens in a batch at most, padding included; null: as <c>distill</c> says.</summary>
    [Description("maximum number of tokens in a batch, padding included; absent: no limit")]
    [Range(1, 1 << 28)]
    public int? BatchTokens { get; init; }

    /// <summary>How often each class is drawn; null: as <c>distill</c> says.</summary>
    [Description("sampling of classes with very different numbers of samples; absent: every sample once per epoch")]
    public SamplingSection? Sampling { get; init; }

    /// <summary>Gradient accumulation: batches per optimizer step; null: as <c>distill</c> says.</summary>
    [Description("gradient accumulation: batches per optimizer step")]
    [Range(1, 1_000_000)]
    public int? Accumulate { get; init; }

    /// <summary>The optimizer, with a state of its own; null: as <c>distill</c> says.</summary>
    [Description("optimizer")]
    [ChoiceOf(Sections.Optimizer)]
    public Choice? Optimizer { get; init; }

    /// <summary>The learning-rate schedule in this stage; null: as <c>distill</c> says, over the length of the stage.</summary>
    [Description("learning-rate schedule")]
    [ChoiceOf(Sections.Schedule)]
    public Choice? Schedule { get; init; }

    /// <summary>The largest L2 norm of all gradients together; null: as <c>distill</c> says.</summary>
    [Description("gradient clipping: maximum global gradient norm; absent: no clipping")]
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double? ClipNorm { get; init; }

    /// <summary>Added to the loss: this × Σ|w| over the weights that decay; null: as <c>distill</c> says.</summary>
    [Description("L1 regularization: factor of the sum of |w| in the loss")]
    [Range(0.0, double.MaxValue)]
    public double? L1 { get; init; }

    /// <summary>How samples are varied each time they are seen; null: as <c>distill</c> says.</summary>
    [Description("data augmentation")]
    public AugmentSection? Augment { get; init; }

    /// <summary>How often this stage is validated; null: as <c>distill</c> says.</summary>
    [Description("validation interval: 200 steps, or 0.25 epochs; default: that of distill")]
    public ValidationInterval? ValidateEvery { get; init; }

    /// <summary>When the stage ends before its time; null: as <c>distill</c> says.</summary>
    [Description("early stopping of the stage")]
    public EarlyStoppingSection? EarlyStopping { get; init; }

    /// <summary>
    /// The validation metric that selects the best weights of the stage; null: as <c>distill</c> says, or the task's own. Where no objective of the stage is
    /// about the answers, the weights of the last update are kept unless the stage itself says otherwise.
    /// </summary>
    [Description("end the stage with the weights that have the best value of this validation metric")]
    [NameOfKind(Sections.Metric)]
    public string? BestBy { get; init; }

    /// <summary>Whether texts of like length share a batch; null: as <c>distill</c> says.</summary>
    [Description("put texts of similar length into one batch; default: true for text")]
    public bool? BucketByLength { get; init; }

    /// <summary>What the stage says, and for the rest what <paramref name="all"/> says.</summary>
    /// <param name="all">What the stages have in common.</param>
    internal DistillSection Within(DistillSection all) => all with
    {
        Stages = null,
        WarmUp = null,
        Blockwise = null,
        Epochs = Epochs,
        Steps = Steps,
        Objectives = Objectives,
        Combination = Combination ?? all.Combination,
        Train = Train ?? (Freeze is null ? all.Train : null),
        Freeze = Freeze ?? (Train is null ? all.Freeze : null),
        TransferSet = TransferSet ?? all.TransferSet,
        Batch = Batch ?? all.Batch,
        BatchTokens = BatchTokens ?? all.BatchTokens,
        Sampling = Sampling ?? all.Sampling,
        Accumulate = Accumulate ?? all.Accumulate,
        Optimizer = Optimizer ?? all.Optimizer,
        Schedule = Schedule ?? all.Schedule,
        ClipNorm = ClipNorm ?? all.ClipNorm,
        L1 = L1 ?? all.L1,
        Augment = Augment ?? all.Augment,
        ValidateEvery = ValidateEvery ?? all.ValidateEvery,
        EarlyStopping = EarlyStopping ?? all.EarlyStopping,
        BestBy = BestBy ?? all.BestBy,
        BucketByLength = BucketByLength ?? all.BucketByLength,
    };
}
