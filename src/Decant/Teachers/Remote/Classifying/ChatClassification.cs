using Decant.Teachers.Remote.Asking;

namespace Decant.Teachers.Remote.Classifying;

/// <summary>What a teacher says about a text: probabilities, or why there are none.</summary>
public sealed record ChatClassification : ChatAnswer
{
    /// <summary>C numbers in the order of the classes, with the sum 1; null: the teacher abstained.</summary>
    public double[]? Probabilities { get; init; }

    /// <summary>How much probability the classes had before it was divided among them: of logprobs the mass of their tokens, of samples the share that named one; of a stated confidence 1.</summary>
    public double SeenMass { get; init; }

    /// <summary>The class of the largest probability, the first of equal ones; null: the teacher abstained.</summary>
    public int? Class => Probabilities is { } p ? Array.IndexOf(p, p.Max()) : null;
}
