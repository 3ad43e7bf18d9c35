namespace Decant.Inference;

/// <summary>Gives texts any number of labels with a model that Decant exported (<c>task: multi-label</c>). Safe to use from several threads.</summary>
public sealed class TextLabeler : IDisposable
{
    private readonly TextLoading _loaded;

    private TextLabeler(TextLoading loaded)
    {
        (_loaded, Labels) = (loaded, loaded.Labels());
        try
        {
            Thresholds = loaded.Folder.Config.Thresholds(Labels.Count);
        }
        catch
        {
            loaded.Model.Dispose();
            throw;
        }
    }

    /// <summary>The labels, in the order of <see cref="LabelledText.Probabilities"/>.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The probability of each label from which on a text has it, as it was chosen on validation samples; 0.5 where the model's settings have none.</summary>
    public IReadOnlyList<double> Thresholds { get; }

    /// <summary>The most tokens of a text that are read, special ones included.</summary>
    public int MaxTokens => _loaded.Model.MaxTokens;

    /// <summary>Loads a model.</summary>
    /// <inheritdoc cref="TextClassifier.Load" path="/param"/>
    /// <inheritdoc cref="TextClassifier.Load" path="/exception"/>
    public static TextLabeler Load(string folder, InferenceOptions? options = null) => new(TextLoading.Open(
        folder, options, isPerToken: false, "Classes, one for each text, are read by TextClassifier, regressions by TextPairScorer, tags by TokenTagger, embeddings by SentenceEmbedder.", ["logits"], ArchitectureTask.MultiLabel));

    /// <summary>The labels of a text, or of a pair of texts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text of a model that was trained on pairs; null: none.</param>
    /// <exception cref="DecantException">A text is blank, a pair is missing, or the model could not be run.</exception>
    public LabelledText Label(string text, string? pair = null)
    {
        var input = _loaded.Encode(text, pair);
        return Of(_loaded.Model.Ask(input), input.IsCut);
    }

    /// <summary>The labels of texts, those of similar length asked together.</summary>
    /// <param name="texts">Any number of them.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The answers in the order of the texts.</returns>
    /// <inheritdoc cref="Label(string, string?)" path="/exception"/>
    public IReadOnlyList<LabelledText> Label(IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
    {
        var (rows, inputs) = _loaded.Ask(texts, cancellationToken);
        return Array.ConvertAll(inputs.Zip(rows).ToArray(), answer => Of(answer.Second, answer.First.IsCut));
    }

    /// <summary>Releases the model; calls that run meanwhile come to their end.</summary>
    public void Dispose() => _loaded.Model.Dispose();

    private LabelledText Of(float[] logits, bool isTruncated)
    {
        var probabilities = Array.ConvertAll(logits, logit => (float)(1 / (1 + Math.Exp(-logit))));
        return new([.. Labels.Where((_, label) => probabilities[label] >= Thresholds[label])], probabilities, isTruncated);
    }
}
