using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Limits;

/// <summary>The same as <see cref="RetryChatClient"/>, for vectors.</summary>
/// <param name="inner">What is asked; disposed with this.</param>
/// <param name="patience">How long.</param>
internal sealed class RetryEmbeddings(IEmbeddingGenerator<string, Embedding<float>> inner, Patience patience) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    /// <inheritdoc/>
    public override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values.ToList();
        return patience.Run(cancel => InnerGenerator.GenerateAsync(texts, options, cancel), cancellationToken);
    }
}
