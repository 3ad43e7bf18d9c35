namespace Decant.Signals;

/// <summary>What is done with the probability of all classes but the k that are known.</summary>
public enum TailRule
{
    /// <summary>One class more, with all of the rest on both sides: a proper divergence of all that is known.</summary>
    Bucket,

    /// <summary>The k are taken for all there is, on both sides.</summary>
    Renormalize,

    /// <summary>The k as they are, the student's over the whole vocabulary: a cross-entropy, which may be negative as a divergence.</summary>
    Drop,
}
