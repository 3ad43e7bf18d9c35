using Microsoft.Extensions.AI;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>What makes vectors and stays its owner's, whoever disposes of what is built on it.</summary>
/// <param name="generator">What makes them.</param>
internal sealed class LentGenerator(IEmbeddingGenerator<string, Embedding<float>> generator) : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <inheritdoc/>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        generator.GenerateAsync(values, options, cancellationToken);

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => generator.GetService(serviceType, serviceKey);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
