using Decant.Inference.Sessions;

namespace Decant.Inference;

/// <summary>Scores pairs of texts, or single ones, with a regression or classifier that Decant exported. Safe to use from several threads.</summary>
public sealed class TextPairScorer : IDisposable
{
    private readonly TextLoading _loaded;
    private readonly bool _isRegression;

    private TextPairScorer(TextLoading loaded) => (_loaded, _isRegression, Names) = (loaded, loaded.Task == ArchitectureTask.Regression, loaded.Labels());

    /// <summary>The names of <see cref="PairScore.Values"/>: the numbers of a regression, or the classes.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The most tokens of a pair that are read, special ones included.</summary>
    public int MaxTokens => _loaded.Model.MaxTokens;

    /// <summary>Loads a scorer.</summary>
    /// <inheritdoc cref="TextClassifier.Load" path="/param"/>
    /// <inheritdoc cref="TextClassifier.Load" path="/exception"/>
    public static TextPairScorer Load(string folder, InferenceOptions? options = null) => new(TextLoading.Open(
        folder, options, isPerToken: false, "Tags are read by TokenTagger, embeddings by SentenceEmbedder, language models by TextGenerator.", ["logits"], ArchitectureTask.Classification, ArchitectureTask.Regression));

    /// <summary>Scores a pair.</summary>
    /// <param name="text">The first text.</param>
    /// <param name="pair">The second; null for a model that was trained on single texts.</param>
    /// <exception cref="DecantException">A text is blank, a pair is missing, or the model could not be run.</exception>
    public PairScore Score(string text, string? pair)
    {
        var input = _loaded.Encode(text, pair);
        return Of(_loaded.Model.Ask(input), input.IsCut);
    }

    /// <summary>Scores pairs, those of similar length together.</summary>
    /// <param name="pairs">Any number of them.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The scores in the order of the pairs.</returns>
    /// <inheritdoc cref="Score(string, string?)" path="/exception"/>
    public IReadOnlyList<PairScore> Score(IReadOnlyList<(string Text, string? Pair)> pairs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var inputs = new TextInput[pairs.Count];
        for (var i = 0; i < inputs.Length; i++)
            inputs[i] = _loaded.Encode(pairs[i].Text, pairs[i].Pair, i);
        var rows = _loaded.Model.Ask(inputs, _loaded.Options.BatchSize, cancellationToken);
        return Array.ConvertAll(inputs.Zip(rows).ToArray(), answer => Of(answer.Second, answer.First.IsCut));
    }

    /// <summary>Puts documents in order for a query, as a reranker does.</summary>
    /// <param name="query">The query.</param>
    /// <param name="documents">Any number of texts.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The indices of the documents with their scores, the highest first; those that tie in their own order.</returns>
    /// <exception cref="InvalidOperationException">The model is a classifier, whose answers have no order.</exception>
    /// <inheritdoc cref="Score(string, string?)" path="/exception"/>
    public IReadOnlyList<(int Index, float Score)> Rank(string query, IReadOnlyList<string> documents, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        if (!_isRegression)
            throw new InvalidOperationException("This model is a classifier, and documents are put in order by a number: load one that was trained with 'task: regression'.");
        var scores = Score([.. documents.Select(document => (query, (string?)document))], cancellationToken);
        return [.. scores.Select((score, i) => (i, score.Score)).OrderByDescending(s => s.Score)];
    }

    /// <summary>Releases the model; calls that run meanwhile come to their end.</summary>
    public void Dispose() => _loaded.Model.Dispose();

    private PairScore Of(float[] numbers, bool isTruncated)
    {
        if (_isRegression)
            return new(numbers[0], null, numbers, isTruncated);
        var best = Softmax.InPlace(numbers);
        return new(numbers[best], Names[best], numbers, isTruncated);
    }
}
