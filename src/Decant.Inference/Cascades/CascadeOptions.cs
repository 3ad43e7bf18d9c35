using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Inference.Cascades;

/// <summary>How the threshold of a cascade is chosen.</summary>
public sealed record CascadeOptions
{
    /// <summary>The most that the share of wrong answers among those given locally may be, 0 to 1; 0: everything goes to the teacher. Default: 0.05.</summary>
    [Description("upper limit of the share of wrong answers among those that the student gives; 0: all requests go to the teacher")]
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Risk { get; init; } = 0.05;

    /// <summary>How likely the limit holds, over the draw of the held-out rows; default: 0.95.</summary>
    [Description("probability, over the draw of the held-out rows, that the limit holds")]
    [Range(0.5, 1.0, MaximumIsExclusive = true)]
    public double Confidence { get; init; } = 0.95;

    /// <summary>What is compared with the threshold; default: the largest probability.</summary>
    [Description("confidence score that is compared with the threshold")]
    public ConfidenceScore Score { get; init; } = ConfidenceScore.MaxProbability;

    /// <summary>What one answer of the student costs, in any unit; default: 0.</summary>
    [Description("cost of one request to the student, in the unit of cost-teacher")]
    [Range(0.0, 1e12)]
    public double CostStudent { get; init; }

    /// <summary>What one answer of the teacher costs, in the same unit; default: 1.</summary>
    [Description("cost of one request to the teacher")]
    [Range(0.0, 1e12)]
    public double CostTeacher { get; init; } = 1;

    internal CascadeOptions Checked()
    {
        if (!(Risk is >= 0 and < 1))
            throw new DecantException($"CascadeOptions: expected a Risk of 0 or more and below 1, came {Risk}.");
        if (!(Confidence is >= 0.5 and < 1))
            throw new DecantException($"CascadeOptions: expected a Confidence of 0.5 or more and below 1, came {Confidence}; 0.95 is usual.");
        if (!(CostStudent is >= 0 and <= 1e12) || !(CostTeacher is >= 0 and <= 1e12))
            throw new DecantException($"CascadeOptions: expected costs of 0 to 1e12, came {CostStudent} and {CostTeacher}.");
        return this;
    }
}
