using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Recipes;

/// <summary>One of the things that a student learns one after the other. What it leaves out is as <see cref="DistillSection"/> has it.</summary>
public sealed record StageSection
{
    /// <summary>Its name, in reports.</summary>
    [Description("its name, for reports")]
    public required string Name { get; init; }

    /// <summary>How often its samples are gone through; this or <see cref="Steps"/>.</summary>
    [Description("how often its samples are gone through")]
    [Range(1, 1_000_000)]
    public int? Epochs { get; init; }

    /// <summary>How many optimizer steps are taken; this or <see cref="Epochs"/>.</summary>
    [Description("how many optimizer steps are taken, instead of epochs")]
    [Range(1, 1_000_000_000)]
    public int? Steps { get; init; }

    /// <summary>What is minimised, as a weighted sum.</summary>
    [Description("what is minimised")]
    [ChoiceOf(Sections.Objective)]
    public required IReadOnlyList<Choice> Objectives { get; init; }

    /// <summary>How the objectives' weights are meant; null: as <c>distill</c> says.</summary>
    [Description("how the objectives' weights are meant")]
    public Balance? Combination { get; init; }

    /// <summary>The parts of the student that are trained, by module path; null with <see cref="Freeze"/>: as <c>distill</c> says.</summary>
    [Description("the parts of the student that are trained, by module path such as layers.0")]
    public IReadOnlyList<string>? Train { get; init; }

    /// <summary>The parts of the student that stay as they are, by module path; null with <see cref="Train"/>: as <c>distill</c> says.</summary>
    [Description("the parts of the student that stay as they are, by module path")]
    public IReadOnlyList<string>? Freeze { get; init; }

    /// <summary>Which samples the teacher is asked about; null: as <c>distill</c> says.</summary>
    [Description("which samples the teacher is asked about")]
    public TransferSection? TransferSet { get; init; }

    /// <summary>Samples in a batch; null: as <c>distill</c> says.</summary>
    [Description("samples in a batch")]
    [Range(1, 1_000_000)]
    public int? Batch { get; init; }

    /// <summary>Tokens in a batch at most, padding included; null: as <c>distill</c> says.</summary>
    [Description("tokens in a batch at most, padding included")]
    [Range(1, 1 << 28)]
    public int? BatchTokens { get; init; }

    /// <summary>How often each class is drawn; null: as <c>distill</c> says.</summary>
    [Description("how often each class is drawn, where classes have very different numbers of samples")]
    public SamplingSection? Sampling { get; init; }

    /// <summary>Batches whose gradients are summed before a step; null: as <c>distill</c> says.</summary>
    [Description("batches whose gradients make one step")]
    [Range(1, 1_000_000)]
    public int? Accumulate { get; init; }

    /// <summary>What moves the weights, with a state of its own; null: as <c>distill</c> says.</summary>
    [Description("what moves the weights")]
    [ChoiceOf(Sections.Optimizer)]
    public Choice? Optimizer { get; init; }

    /// <summary>How the learning rate goes in this stage; null: as <c>distill</c> says, over the length of the stage.</summary>
    [Description("how the learning rate goes")]
    [ChoiceOf(Sections.Schedule)]
    public Choice? Schedule { get; init; }

    /// <summary>The largest L2 norm of all gradients together; null: as <c>distill</c> says.</summary>
    [Description("the largest norm of all gradients together")]
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double? ClipNorm { get; init; }

    /// <summary>Added to the loss: this × Σ|w| over the weights that decay; null: as <c>distill</c> says.</summary>
    [Description("weight of the sum of all |w| in the loss")]
    [Range(0.0, double.MaxValue)]
    public double? L1 { get; init; }

    /// <summary>How samples are varied each time they are seen; null: as <c>distill</c> says.</summary>
    [Description("how samples are varied each time they are seen")]
    public AugmentSection? Augment { get; init; }

    /// <summary>How often the validation samples are asked about in this stage; null: as <c>distill</c> says.</summary>
    [Description("how often the student is validated: 200 steps, or 0.25 epochs")]
    public ValidationInterval? ValidateEvery { get; init; }

    /// <summary>When the stage ends before its time; null: as <c>distill</c> says.</summary>
    [Description("when the stage ends before its time")]
    public EarlyStoppingSection? EarlyStopping { get; init; }

    /// <summary>
    /// The validation metric whose best validation gives the weights that the stage ends with; null: as <c>distill</c> says, or the task's own. Where no objective of the stage is
    /// about the answers, the last update gives them unless the stage itself says otherwise.
    /// </summary>
    [Description("end with the weights that are best by this validation metric")]
    [NameOfKind(Sections.Metric)]
    public string? BestBy { get; init; }

    /// <summary>Whether texts of like length share a batch; null: as <c>distill</c> says.</summary>
    [Description("put texts of like length into one batch")]
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
