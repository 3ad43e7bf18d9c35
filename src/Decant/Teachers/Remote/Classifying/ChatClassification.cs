namespace Decant.Teachers.Remote.Classifying;

/// <summary>What a teacher says about a text: probabilities, or why there are none.</summary>
public sealed record ChatClassification
{
    /// <summary>Which of the texts, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>C numbers in the order of the classes, with the sum 1; null: the teacher abstained.</summary>
    public double[]? Probabilities { get; init; }

    /// <summary>Why there are no probabilities; null: there are.</summary>
    public AbstentionReason? Abstention { get; init; }

    /// <summary>The failure behind an abstention, as a sentence; null: the answer itself is.</summary>
    public string? Detail { get; init; }

    /// <summary>How much probability the classes had before it was divided among them: of logprobs the mass of their tokens, of samples the share that named one; of a stated confidence 1.</summary>
    public double SeenMass { get; init; }

    /// <summary>Tokens of all prompts for this text; of stored answers those that were paid then.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens of all answers to it.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Whether all answers came from the store, so that nothing was paid now.</summary>
    public bool IsFromStore { get; init; }

    /// <summary>What the teacher wrote, sample by sample.</summary>
    public IReadOnlyList<string> Answers { get; init; } = [];

    /// <summary>The class of the largest probability, the first of equal ones; null: the teacher abstained.</summary>
    public int? Class => Probabilities is { } p ? Array.IndexOf(p, p.Max()) : null;
}
