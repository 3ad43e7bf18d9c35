namespace Decant.Hub.HuggingFace;

/// <summary>The hub did not answer, however often it was asked: what is in the cache may still do.</summary>
/// <param name="message">What happened, and what to do.</param>
/// <param name="what">The last failure in a few words.</param>
/// <param name="inner">The last failure.</param>
internal sealed class HubUnreachableException(string message, string what, Exception? inner) : DecantException(message, ExitCodes.Machine, inner)
{
    /// <summary>The last failure in a few words.</summary>
    public string What { get; } = what;

    /// <summary>Whether something of the model had come before, so that the hub was there.</summary>
    public bool HasBegun { get; init; }
}
