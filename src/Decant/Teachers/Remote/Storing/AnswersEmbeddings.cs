using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Storing;

/// <summary>Asks only for vectors that are not stored. Usage is that of what was asked.</summary>
/// <param name="inner">What is asked; disposed with this, the answers are not.</param>
/// <param name="answers">The answers.</param>
internal sealed class AnswersEmbeddings(IEmbeddingGenerator<string, Embedding<float>> inner, RemoteAnswers answers) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    /// <inheritdoc/>
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var settings = VectorStores.SettingsOf(options);
        var texts = values.ToList();
        var keys = texts.ConvertAll(text => VectorStores.KeyOf(settings, text));
        var vectors = keys.ConvertAll(answers.Vectors.Read);
        var missing = Enumerable.Range(0, texts.Count).Where(i => vectors[i] is null).DistinctBy(i => texts[i]).ToList();
        UsageDetails? usage = null;
        if (missing.Count > 0)
        {
            var came = await InnerGenerator.GenerateAsync(missing.Select(i => texts[i]), options, cancellationToken).ConfigureAwait(false);
            usage = came.Usage;
            answers.Vectors.Append(missing.Select((i, at) => (keys[i], came[at].Vector.ToArray())));
        }

        return new GeneratedEmbeddings<Embedding<float>>(texts.Select((_, i) => new Embedding<float>(vectors[i] ?? answers.Vectors.Read(keys[i])!))) { Usage = usage };
    }
}
