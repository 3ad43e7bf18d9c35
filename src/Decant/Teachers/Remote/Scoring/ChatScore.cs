using Decant.Teachers.Remote.Asking;

namespace Decant.Teachers.Remote.Scoring;

/// <summary>What a teacher says about a text or a pair of texts: a number, or why there is none.</summary>
public sealed record ChatScore : ChatAnswer
{
    /// <summary>The score; null: the teacher abstained.</summary>
    public double? Score { get; init; }

    /// <summary>
    /// How far the teacher disagrees with itself, as a variance in squared units of the scale: of logprobs that of the numbers by their probabilities, of n samples Σ (x − mean)² / (n − 1). Null: the teacher abstained,
    /// stated one number, or gave one sample.
    /// </summary>
    public double? Variance { get; init; }

    /// <summary>Of logprobs the mass that the scale's numbers had before it was divided among them; of samples the share that is a number of the scale; of a stated number 1.</summary>
    public double SeenMass { get; init; }
}
