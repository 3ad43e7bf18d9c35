namespace Decant.Runs.Planning;

/// <summary>What is cached of a teacher's outputs, so that its forward pass runs once per sample.</summary>
internal enum CachedOutputs
{
    /// <summary>Nothing: its forward pass runs for every batch anew.</summary>
    None,

    /// <summary>Its logits, and the requested features.</summary>
    Logits,

    /// <summary>The states that its head makes logits of, in every batch anew: where a vocabulary's logits are too large.</summary>
    States,

    /// <summary>All, on disk: what the store has is not computed again.</summary>
    Disk,
}
