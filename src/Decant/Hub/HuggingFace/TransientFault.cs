namespace Decant.Hub.HuggingFace;

/// <summary>A request that failed and may succeed if it is sent again.</summary>
/// <param name="what">What happened, in words that go on a sentence: "the connection was cut".</param>
/// <param name="retryAfter">How long the server asks to wait; null: it does not say.</param>
/// <param name="inner">The cause.</param>
internal sealed class TransientFault(string what, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(what, inner)
{
    /// <summary>How long the server asks to wait; null: it does not say.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
