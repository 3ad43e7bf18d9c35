using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Limits;

/// <summary>The same as <see cref="RateLimitedChatClient"/>, for vectors.</summary>
/// <param name="inner">What is asked; disposed with this.</param>
/// <param name="limiter">The limit.</param>
internal sealed class RateLimitedEmbeddings(IEmbeddingGenerator<string, Embedding<float>> inner, RateLimiter limiter) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    /// <inheritdoc/>
    public override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values.ToList();
        return limiter.Run(PromptSize.About(texts), Send, cancellationToken);

        async Task<(GeneratedEmbeddings<Embedding<float>>, long?)> Send()
        {
            var vectors = await InnerGenerator.GenerateAsync(texts, options, cancellationToken).ConfigureAwait(false);
            return (vectors, vectors.Usage?.TotalTokenCount);
        }
    }
}
