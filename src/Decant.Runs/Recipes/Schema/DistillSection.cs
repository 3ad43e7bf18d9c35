using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Compression.Pruning;
using Decant.Data.Sources;
using Decant.Data.Splitting;
using Decant.Objectives;
using Decant.Rollouts;
using Decant.Runs.Recipes.Binding;
using Decant.Training;

namespace Decant.Runs.Recipes.Schema;

/// <summary>How the student learns from its teacher.</summary>
internal sealed record DistillSection : TrainingOptions, IOverridable
{
    /// <summary>The objectives; their weighted sum is minimized; none where <see cref="Stages"/> have their own.</summary>
    [Description("objectives; their weighted sum is minimized; absent where stages have their own")]
    [ChoiceOf(Sections.Objective)]
    public IReadOnlyList<ObjectiveOptions> Objectives { get; set; } = [];

    /// <summary>Who teaches a student that has assistants or generations before it; null: the one before.</summary>
    [Description("who teaches where there are assistants or generations: the one before, or the teacher itself (a part that is cut in several steps); default: previous")]
    public TaughtBy? TaughtBy { get; set; }

    /// <summary>How the weighted objectives are combined; default: their sum.</summary>
    [Description("combination of the weighted objectives: sum, or convex (weights from 0 to 1 that must sum to 1)")]
    public Balance Combination { get; set; } = Balance.Sum;

    /// <summary>Imitation of the teacher alone, before; null: none.</summary>
    [Description("epochs with the objectives that use the teacher alone, before the rest")]
    public WarmUpSection? WarmUp { get; set; }

    /// <summary>The transfer set: samples that the student learns from with the teacher; null: all training samples.</summary>
    [Description("transfer set: the samples that the student is distilled on; absent: all training samples")]
    public TransferSection? TransferSet { get; set; }

    /// <summary>Texts that student or teacher write while the student learns (on-policy distillation), for causal language models; null: it learns from the data as it is.</summary>
    [Description("texts that student or teacher write while the student learns (on-policy distillation); absent: it learns from the data as it is")]
    public RolloutOptions? Rollouts { get; set; }

    /// <summary>The parts of the student that are trained, by module path; null: all of it.</summary>
    [Description("module paths of the student that are trained, such as layers.0; absent: all")]
    public IReadOnlyList<string>? Train { get; set; }

    /// <summary>The parts of the student that stay as they are, by module path; null: none.</summary>
    [Description("module paths of the student that are frozen; absent: none")]
    public IReadOnlyList<string>? Freeze { get; set; }

    /// <summary>Magnitude pruning of the student while it is trained; null: none. Of several stages, the last can have it.</summary>
    [Description("magnitude pruning: the smallest weights become 0 while the student is trained, and stay 0")]
    public PruningOptions? Pruning { get; set; }

    /// <summary>The student's layers one after the other, each against the teacher's, before everything else; null: none.</summary>
    [Description("blockwise training: the student's layers one after the other, from the input on, each against the teacher's, before the rest")]
    public BlockwiseSection? Blockwise { get; set; }

    /// <summary>The training stages, one after the other, instead of <see cref="Objectives"/> for some epochs; null: that.</summary>
    [Description("training stages, in order, each with its own objectives and length")]
    public IReadOnlyList<StageSection>? Stages { get; set; }

    /// <inheritdoc/>
    object IOverridable.Begin(IReadOnlyCollection<string> given)
    {
        var replacesParts = given.Contains(nameof(Train)) || given.Contains(nameof(Freeze));
        return this with
        {
            Stages = null,
            WarmUp = null,
            Blockwise = null,
            Pruning = null,
            Epochs = null,
            Steps = null,
            Objectives = new ValueList<ObjectiveOptions>([]),
            Train = replacesParts ? null : Train,
            Freeze = replacesParts ? null : Freeze,
        };
    }
}

/// <summary>How the objectives' weights are meant.</summary>
internal enum Balance
{
    /// <summary>Total = Σ wᵢ·Lᵢ, for any sum of the weights.</summary>
    Sum,

    /// <summary>The same with weights from 0 to 1 that sum to 1, as in α·soft + (1 − α)·hard.</summary>
    Convex,
}

/// <summary>Who teaches, of several models that stand before a student.</summary>
internal enum TaughtBy
{
    /// <summary>The one before it: an assistant, an earlier generation, or the teacher where there is none.</summary>
    Previous,

    /// <summary>The teacher, whoever stands between.</summary>
    Teacher,
}

/// <summary>Imitation of the teacher alone.</summary>
internal sealed record WarmUpSection
{
    /// <summary>For how many epochs, before those of the distillation.</summary>
    [Description("number of epochs")]
    [Range(1, 1_000_000)]
    public required int Epochs { get; init; }
}

/// <summary>The transfer set: samples that the student learns from with the teacher.</summary>
internal sealed record TransferSection
{
    /// <summary>Classes, by name, with training samples that the student never sees; default: none.</summary>
    [Description("classes whose samples are left out")]
    public IReadOnlyList<string> WithoutClasses { get; init; } = [];

    /// <summary>True: only the samples with a label that the student may see (there are no others, or their value is to be measured); false: all of them.</summary>
    [Description("only the samples whose label is visible to the student (data.student-labels)")]
    public bool LabelledOnly { get; init; }

    /// <summary>
    /// Samples of another source, instead of the training samples; null: those. Its labels are not looked at, so that student and control have the same ones.
    /// </summary>
    [Description("samples of another source instead of the training samples; their labels are ignored")]
    [ChoiceOf(Sections.Source)]
    public SourceOptions? Data { get; init; }

    /// <summary>N-grams of these samples, which the teacher answers for too; null: none.</summary>
    [Description("n-gram sampling: consecutive words cut out of these texts at random, as more texts without a label that the teacher answers for; absent: none")]
    public NgramOptions? NGrams { get; init; }
}
