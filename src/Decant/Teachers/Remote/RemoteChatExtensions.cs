using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote;

/// <summary>What Microsoft.Extensions.AI has no member for: probabilities of tokens, and which of several samples a request is.</summary>
public static class RemoteChatExtensions
{
    /// <summary>Asks for the probabilities of the generated tokens. Understood by clients of <see cref="RemoteEndpoint"/>.</summary>
    /// <param name="options">The options, which are changed.</param>
    /// <param name="top">How many of the most probable tokens of each position, 0 to 20; what servers allow differs.</param>
    /// <returns>The same options.</returns>
    public static ChatOptions WithLogprobs(this ChatOptions options, int top)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        var properties = options.AdditionalProperties ??= [];
        properties[RequestNames.Logprobs] = true;
        properties[RequestNames.TopLogprobs] = top;
        return options;
    }

    /// <summary>Says which of several samples of one prompt this is, so that each is stored as an answer of its own. It is not sent.</summary>
    /// <param name="options">The options, which are changed.</param>
    /// <param name="index">0, 1, ….</param>
    /// <returns>The same options.</returns>
    public static ChatOptions WithSample(this ChatOptions options, int index)
    {
        ArgumentNullException.ThrowIfNull(options);
        (options.AdditionalProperties ??= [])[RequestNames.Sample] = index;
        return options;
    }

    /// <summary>The probabilities of the generated tokens; empty: the server gave none.</summary>
    /// <param name="response">An answer of a client of <see cref="RemoteEndpoint"/>, or of one that the store has.</param>
    public static IReadOnlyList<TokenLogprobs> Logprobs(this ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return response.AdditionalProperties?.TryGetValue(RequestNames.Logprobs, out IReadOnlyList<TokenLogprobs>? found) == true && found is not null ? found : [];
    }

    /// <summary>Whether an answer was in a store, and so cost nothing.</summary>
    /// <param name="response">The answer.</param>
    public static bool IsFromStore(this ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return response.AdditionalProperties?.TryGetValue(RequestNames.FromStore, out bool stored) == true && stored;
    }
}
