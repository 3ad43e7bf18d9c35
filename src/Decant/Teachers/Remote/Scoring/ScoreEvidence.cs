namespace Decant.Teachers.Remote.Scoring;

/// <summary>Where a score comes from.</summary>
public enum ScoreEvidence
{
    /// <summary>The mean of the scale's numbers, weighted by the probabilities of their tokens: one request, and the server must give them.</summary>
    Logprobs,

    /// <summary>The mean of several answers.</summary>
    Samples,

    /// <summary>The number that the teacher states in JSON.</summary>
    Stated,
}
