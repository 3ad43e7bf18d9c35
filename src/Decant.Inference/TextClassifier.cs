namespace Decant.Inference;

/// <summary>Classifies texts with a model that Decant exported. Safe to use from several threads.</summary>
public sealed class TextClassifier : IDisposable
{
    private readonly TextLoading _loaded;

    private TextClassifier(TextLoading loaded) => (_loaded, Labels) = (loaded, loaded.Labels());

    /// <summary>The classes, in the order of <see cref="Classification.Probabilities"/>.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The most tokens of a text that are read, special ones included.</summary>
    public int MaxTokens => _loaded.Model.MaxTokens;

    /// <summary>Loads a classifier.</summary>
    /// <param name="folder">A folder that <c>decant export … --to onnx</c> wrote: config.json, the tokenizer's files and onnx/model.onnx.</param>
    /// <param name="options">Null: the default ones.</param>
    /// <exception cref="DecantException">A file is missing or damaged, the files do not belong together, or the model has another task: expected, came, what to do.</exception>
    public static TextClassifier Load(string folder, InferenceOptions? options = null) => new(TextLoading.Open(
        folder, options, isPerToken: false, "Any number of labels are read by TextLabeler, regressions by TextPairScorer, tags by TokenTagger, embeddings by SentenceEmbedder, language models by TextGenerator.", ["logits"], ArchitectureTask.Classification));

    /// <summary>Classifies a text, or a pair of texts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text of a model that was trained on pairs; null: none.</param>
    /// <exception cref="DecantException">A text is blank, a pair is missing, or the model could not be run.</exception>
    public Classification Classify(string text, string? pair = null)
    {
        var input = _loaded.Encode(text, pair);
        return Classification.Of(Labels, _loaded.Model.Ask(input), input.IsCut);
    }

    /// <summary>Classifies texts, those of similar length together.</summary>
    /// <param name="texts">Any number of them.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The classes in the order of the texts.</returns>
    /// <inheritdoc cref="Classify(string, string?)" path="/exception"/>
    public IReadOnlyList<Classification> Classify(IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
    {
        var (rows, inputs) = _loaded.Ask(texts, cancellationToken);
        return Array.ConvertAll(inputs.Zip(rows).ToArray(), answer => Classification.Of(Labels, answer.Second, answer.First.IsCut));
    }

    /// <summary>Releases the model; calls that run meanwhile come to their end.</summary>
    public void Dispose() => _loaded.Model.Dispose();
}
