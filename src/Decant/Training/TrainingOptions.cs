using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Data.Batching;
using Decant.Torch;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

namespace Decant.Training;

/// <summary>The options of one training: what training a teacher and distilling a student have in common.</summary>
/// <remarks>Its properties can be set, and not only initialized, so that code can fill them in where a training is described.</remarks>
public abstract record TrainingOptions
{
    /// <summary>How often the training samples are gone through; this or <see cref="Steps"/>.</summary>
    [Description("number of epochs over the training samples")]
    [Range(1, 1_000_000)]
    public int? Epochs { get; set; }

    /// <summary>How many optimizer steps are taken; this or <see cref="Epochs"/>.</summary>
    [Description("number of optimizer steps, instead of epochs")]
    [Range(1, 1_000_000_000)]
    public int? Steps { get; set; }

    /// <summary>Samples in a batch.</summary>
    [Description("batch size, in samples")]
    [Range(1, 1_000_000)]
    public required int Batch { get; set; }

    /// <summary>Tokens in a batch at most, padding included: texts of like length share a batch, fewer of them where they are long; null: <see cref="Batch"/> alone counts.</summary>
    [Description("maximum number of tokens in a batch, padding included; absent: no limit")]
    [Range(1, 1 << 28)]
    public int? BatchTokens { get; set; }

    /// <summary>How often each class is drawn, where classes have very different numbers of samples; null: every sample once an epoch.</summary>
    [Description("sampling of classes with very different numbers of samples; absent: every sample once per epoch")]
    public ClassSampling? Sampling { get; set; }

    /// <summary>Gradient accumulation: batches per optimizer step; default: 1.</summary>
    [Description("gradient accumulation: batches per optimizer step")]
    [Range(1, 1_000_000)]
    public int Accumulate { get; set; } = 1;

    /// <summary>What forward passes compute matrix products and convolutions in; default: float32. Weights, losses and what the optimizer remembers stay in float32.</summary>
    [Description("precision of the forward pass in training (autocast); bfloat16 is faster where the device supports it")]
    [AllowedValues(DType.Float32, DType.BFloat16)]
    public DType Precision { get; set; } = DType.Float32;

    /// <summary>Whether the layers of encoders and decoders are computed a second time in the backward pass, instead of kept in memory: the same gradients, in less memory and more time; default: false.</summary>
    [Description("gradient checkpointing: compute the layers of encoders and decoders again in the backward pass instead of keeping their activations; less memory, about a third more time, the same gradients")]
    public bool GradientCheckpointing { get; set; }

    /// <summary>The optimizer; weight decay (L2) is its option.</summary>
    [Description("optimizer")]
    [ChoiceOf(Sections.Optimizer)]
    public required OptimizerOptions Optimizer { get; set; }

    /// <summary>The learning-rate schedule; default: constant.</summary>
    [Description("learning-rate schedule")]
    [ChoiceOf(Sections.Schedule)]
    public ScheduleOptions Schedule { get; set; } = new ConstantRate();

    /// <summary>The largest L2 norm of all gradients together; null: they are not clipped.</summary>
    [Description("gradient clipping: maximum global gradient norm; absent: no clipping")]
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double? ClipNorm { get; set; }

    /// <summary>Added to the loss: this × Σ|w| over the weights that decay; default: 0.</summary>
    [Description("L1 regularization: factor of the sum of |w| in the loss")]
    [Range(0.0, double.MaxValue)]
    public double L1 { get; set; }

    /// <summary>How samples are varied each time they are seen; null: not at all.</summary>
    [Description("data augmentation")]
    public AugmentOptions? Augment { get; set; }

    /// <summary>
    /// Validation interval: <c>200 steps</c> or <c>0.25 epochs</c>, and once more at the end. Patience, plateau and best weights go by these
    /// validations. Null: after every epoch; of a training of fewer <see cref="Steps"/> than two epochs up to ten times, evenly spread, as long as the samples validated in
    /// all are no more than those trained on.
    /// </summary>
    [Description("validation interval: 200 steps, or 0.25 epochs; default: every epoch; up to ten times where the steps are fewer than two epochs")]
    public ValidationInterval? ValidateEvery { get; set; }

    /// <summary>When training ends before its time; null: never.</summary>
    [Description("early stopping: stop when the validation metric has not improved for patience epochs")]
    public EarlyStoppingOptions? EarlyStopping { get; set; }

    /// <summary>The validation metric by which the best weights are kept; null: the task's own (accuracy, entity F1, Pearson correlation, cross-entropy) where there are validation samples, the last update's otherwise.</summary>
    [Description("keep the weights with the best value of this validation metric; default: the headline metric of the task where there are validation samples, the last weights otherwise")]
    [NameOfKind(Sections.Metric)]
    public string? BestBy { get; set; }

    /// <summary>Whether texts of like length share a batch, which saves padding; null: on for text.</summary>
    [Description("put texts of similar length into one batch; default: true for text")]
    public bool? BucketByLength { get; set; }
}
