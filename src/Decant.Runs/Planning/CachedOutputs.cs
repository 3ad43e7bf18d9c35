namespace Decant.Runs.Planning;

/// <summary>What is kept of a teacher's answers, so that it is asked about every sample once.</summary>
internal enum CachedOutputs
{
    /// <summary>Nothing: it is asked about every batch anew.</summary>
    None,

    /// <summary>Its logits, and the inner values that it shows.</summary>
    Logits,

    /// <summary>The states that its head makes logits of, in every batch anew: where a vocabulary's logits are too large.</summary>
    States,
}
