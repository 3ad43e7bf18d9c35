using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote;

/// <summary>The official client for vectors, which says where it asks.</summary>
/// <param name="inner">The official client; disposed with this.</param>
/// <param name="endpoint">Where it asks.</param>
internal sealed class EndpointEmbeddings(IEmbeddingGenerator<string, Embedding<float>> inner, RemoteEndpoint endpoint) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    /// <inheritdoc/>
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values.ToList();
        GeneratedEmbeddings<Embedding<float>> vectors;
        try
        {
            vectors = await base.GenerateAsync(texts, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not (RemoteTeacherException or OperationCanceledException))
        {
            throw new RemoteTeacherException(RemoteFault.BrokenAnswer, $"{endpoint.Address}: the vectors cannot be read: {error.GetType().Name}.");
        }

        return vectors.Count == texts.Count ? vectors : throw new RemoteTeacherException(RemoteFault.BrokenAnswer, $"{endpoint.Address}: expected {texts.Count} vectors, came {vectors.Count}.");
    }

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(RemoteEndpoint) ? endpoint : base.GetService(serviceType, serviceKey);
}
