using Decant.Inference.Folders;
using Microsoft.Extensions.AI;

namespace Decant.Inference;

/// <summary>Makes vectors of texts with a model that Decant or sentence-transformers exported. Safe to use from several threads.</summary>
public sealed class SentenceEmbedder : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly TextLoading _loaded;
    private readonly SentencePooling? _pooling; // null: the file gives the vectors themselves
    private readonly EmbeddingGeneratorMetadata _metadata;

    private SentenceEmbedder(TextLoading loaded)
    {
        _loaded = loaded;
        try
        {
            _pooling = loaded.Model.IsPerToken ? SentencePooling.Read(loaded.Folder) : null;
        }
        catch
        {
            loaded.Model.Dispose();
            throw;
        }

        _metadata = new("decant", null, Path.GetFileName(Path.TrimEndingDirectorySeparator(loaded.Folder.Path)), Dimensions);
    }

    /// <summary>D, how many numbers a vector has.</summary>
    public int Dimensions => _loaded.Model.Width;

    /// <summary>The most tokens of a text that are read, special ones included.</summary>
    public int MaxTokens => _loaded.Model.MaxTokens;

    /// <summary>Loads an embedder.</summary>
    /// <inheritdoc cref="TextClassifier.Load" path="/param"/>
    /// <inheritdoc cref="TextClassifier.Load" path="/exception"/>
    public static SentenceEmbedder Load(string folder, InferenceOptions? options = null) => new(TextLoading.Open(
        folder, options, isPerToken: null, "Classes are read by TextClassifier, tags by TokenTagger, regressions by TextPairScorer, language models by TextGenerator.",
        ["sentence_embedding", "last_hidden_state", "token_embeddings"], ArchitectureTask.Embedding));

    /// <summary>The vector of a text.</summary>
    /// <exception cref="DecantException">The text is blank, or the model could not be run.</exception>
    public TextEmbedding Embed(string text)
    {
        var input = _loaded.Encode(text, null);
        return new(Pooled(_loaded.Model.Ask(input)), input.Ids.Length, input.IsCut);
    }

    /// <summary>The vectors of texts, those of similar length together.</summary>
    /// <param name="texts">Any number of them.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The vectors in the order of the texts.</returns>
    /// <inheritdoc cref="Embed(string)" path="/exception"/>
    public IReadOnlyList<TextEmbedding> Embed(IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
    {
        var (rows, inputs) = _loaded.Ask(texts, cancellationToken);
        return Array.ConvertAll(inputs.Zip(rows).ToArray(), answer => new TextEmbedding(Pooled(answer.Second), answer.First.Ids.Length, answer.First.IsCut));
    }

    /// <summary>The vectors of texts, for programs that know <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/>; computed on a thread of the pool.</summary>
    /// <param name="values">Any number of texts.</param>
    /// <param name="options">Null: the default ones. A model or a number of dimensions that is not this one's is refused.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <inheritdoc cref="Embed(string)" path="/exception"/>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.Dimensions is { } asked && asked != Dimensions)
            throw new DecantException($"Expected vectors of {Dimensions} numbers, which this model makes, or no number of dimensions; came {asked}.");
        return Task.Run(
            () =>
            {
                var embeddings = Embed([.. values], cancellationToken);
                var tokens = embeddings.Sum(e => (long)e.Tokens);
                return new GeneratedEmbeddings<Embedding<float>>(embeddings.Select(e => new Embedding<float>(e.Vector) { ModelId = _metadata.DefaultModelId, CreatedAt = DateTimeOffset.UtcNow }))
                {
                    Usage = new() { InputTokenCount = tokens, TotalTokenCount = tokens },
                };
            },
            cancellationToken);
    }

    /// <summary>This embedder, or what describes it (<see cref="EmbeddingGeneratorMetadata"/>); null for other types.</summary>
    /// <param name="serviceType">The type that is asked for.</param>
    /// <param name="serviceKey">Null; others are unknown.</param>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Releases the model; calls that run meanwhile come to their end.</summary>
    public void Dispose() => _loaded.Model.Dispose();

    private float[] Pooled(float[] rows) => _pooling?.Vector(rows, Dimensions) ?? rows;
}
