using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Objectives.Logits;

/// <summary>Options of <c>labels</c>.</summary>
public sealed record Labels : RowObjectiveOptions
{
    /// <summary>ε: the share of the target that is spread evenly over all classes; 0.</summary>
    [Range(0.0, 0.999)]
    [Description("label smoothing: probability mass spread evenly over all classes")]
    public double LabelSmoothing { get; init; }

    /// <summary>A factor per class, at least 0, in the order of the classes; null: all 1.</summary>
    [Description("weight per class, in the order of the classes; default: 1 for each")]
    public IReadOnlyList<double>? ClassWeights { get; init; }

    /// <summary>The loss function; default: cross-entropy.</summary>
    [Description("loss function; all but cross-entropy are for imbalanced classes")]
    public LabelForm Loss { get; init; } = LabelForm.CrossEntropy;

    /// <summary>γ of the focal form, from 0 to 20: how much less a sample counts that is answered well; null: 2, the paper's best. For that form alone.</summary>
    [Range(0.0, 20.0)]
    [Description("for focal: the focusing parameter gamma; default: 2")]
    public double? Gamma { get; init; }

    /// <summary>The factor of the classes' log shares in the logit-adjusted form, from 0 to 20 (the paper's τ); null: 1, which is the balanced softmax. For that form alone.</summary>
    [Range(0.0, 20.0)]
    [Description("for logit-adjusted: the factor tau of the log class priors; default: 1")]
    public double? Adjustment { get; init; }
}

/// <summary>How the loss of a label is made of the logits.</summary>
public enum LabelForm
{
    /// <summary>−log q(y).</summary>
    CrossEntropy,

    /// <summary>−(1 − q(y))^γ·log q(y): samples that are answered well hardly count.</summary>
    Focal,

    /// <summary>Cross-entropy of the logits plus log n_c, the number of samples of each class in training.</summary>
    BalancedSoftmax,

    /// <summary>Cross-entropy of the logits plus a factor times the log share of each class in training.</summary>
    LogitAdjusted,
}
