using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Decant.Inference;

/// <summary>Adds exported models to an application's services, one of each kind for the whole application; a model is loaded when it is first asked for.</summary>
/// <remarks>Loading fails with the <see cref="DecantException"/> of the kind's <c>Load</c>. Several models of one kind: add them as keyed services.</remarks>
public static class InferenceServices
{
    /// <summary>Adds a <see cref="TextClassifier"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="folder">The model's folder.</param>
    /// <param name="options">Null: the default ones.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddTextClassifier(this IServiceCollection services, string folder, InferenceOptions? options = null) =>
        services.AddSingleton(_ => TextClassifier.Load(folder, options));

    /// <summary>Adds a <see cref="TokenTagger"/>.</summary>
    /// <inheritdoc cref="AddTextClassifier"/>
    public static IServiceCollection AddTokenTagger(this IServiceCollection services, string folder, InferenceOptions? options = null) =>
        services.AddSingleton(_ => TokenTagger.Load(folder, options));

    /// <summary>Adds a <see cref="TextLabeler"/>.</summary>
    /// <inheritdoc cref="AddTextClassifier"/>
    public static IServiceCollection AddTextLabeler(this IServiceCollection services, string folder, InferenceOptions? options = null) =>
        services.AddSingleton(_ => TextLabeler.Load(folder, options));

    /// <summary>Adds a <see cref="TextPairScorer"/>.</summary>
    /// <inheritdoc cref="AddTextClassifier"/>
    public static IServiceCollection AddTextPairScorer(this IServiceCollection services, string folder, InferenceOptions? options = null) =>
        services.AddSingleton(_ => TextPairScorer.Load(folder, options));

    /// <summary>Adds a <see cref="SentenceEmbedder"/>, which is also found as <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/>.</summary>
    /// <inheritdoc cref="AddTextClassifier"/>
    public static IServiceCollection AddSentenceEmbedder(this IServiceCollection services, string folder, InferenceOptions? options = null) => services
        .AddSingleton(_ => SentenceEmbedder.Load(folder, options))
        .AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(provider => provider.GetRequiredService<SentenceEmbedder>());

    /// <summary>Adds a <see cref="TextGenerator"/>.</summary>
    /// <inheritdoc cref="AddTextClassifier"/>
    public static IServiceCollection AddTextGenerator(this IServiceCollection services, string folder, InferenceOptions? options = null) =>
        services.AddSingleton(_ => TextGenerator.Load(folder, options));

    /// <summary>Adds a <see cref="MaskFiller"/>.</summary>
    /// <inheritdoc cref="AddTextClassifier"/>
    public static IServiceCollection AddMaskFiller(this IServiceCollection services, string folder, InferenceOptions? options = null) =>
        services.AddSingleton(_ => MaskFiller.Load(folder, options));

    /// <summary>Adds an <see cref="ImageClassifier"/>.</summary>
    /// <inheritdoc cref="AddTextClassifier"/>
    public static IServiceCollection AddImageClassifier(this IServiceCollection services, string folder, InferenceOptions? options = null) =>
        services.AddSingleton(_ => ImageClassifier.Load(folder, options));
}
