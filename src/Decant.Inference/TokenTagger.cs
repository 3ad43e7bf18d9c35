using Decant.Inference.Sessions;
using Decant.Text;
using Decant.Text.Tags;

namespace Decant.Inference;

/// <summary>Tags the words of texts, and finds the entities in them, with a model that Decant exported. Safe to use from several threads.</summary>
public sealed class TokenTagger : IDisposable
{
    private readonly TextLoading _loaded;
    private readonly WordEncoder _encoder;
    private readonly TagSet? _tags;

    private TokenTagger(TextLoading loaded)
    {
        (_loaded, Labels) = (loaded, loaded.Labels());
        _encoder = new WordEncoder(loaded.Model.Tokenizer, loaded.Model.MaxTokens, loaded.Model.Tokenizer.Special.Unknown);
        _tags = TagSet.TryRead(Labels, TagSet.SchemeOf(loaded.Folder.Config.TagScheme), out _);
    }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The most tokens of a text that are read, special ones included.</summary>
    public int MaxTokens => _loaded.Model.MaxTokens;

    /// <summary>Loads a tagger.</summary>
    /// <inheritdoc cref="TextClassifier.Load" path="/param"/>
    /// <inheritdoc cref="TextClassifier.Load" path="/exception"/>
    public static TokenTagger Load(string folder, InferenceOptions? options = null) => new(TextLoading.Open(
        folder, options, isPerToken: true, "Classes of whole texts are read by TextClassifier.", ["logits"], ArchitectureTask.TokenClassification));

    /// <summary>Tags the words of a text, which white space separates.</summary>
    /// <exception cref="DecantException">The text is blank, a word has no token and the tokenizer no unknown one, or the model could not be run.</exception>
    public TaggedText Tag(string text) => Tag([text])[0];

    /// <summary>Tags the words of texts, those of similar length together.</summary>
    /// <param name="texts">Any number of them.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The tagged texts in their order.</returns>
    /// <inheritdoc cref="Tag(string)" path="/exception"/>
    public IReadOnlyList<TaggedText> Tag(IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return Ask([.. texts.Select(WordList.Of)], cancellationToken);
    }

    /// <summary>Tags a sentence whose words are known.</summary>
    /// <param name="words">The words, none of them empty.</param>
    /// <inheritdoc cref="Tag(string)" path="/exception"/>
    public TaggedText TagWords(IReadOnlyList<string> words) => TagWords([words])[0];

    /// <summary>Tags sentences whose words are known, those of similar length together.</summary>
    /// <param name="sentences">The words of each, none of them empty.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <inheritdoc cref="Tag(string)" path="/exception"/>
    public IReadOnlyList<TaggedText> TagWords(IReadOnlyList<IReadOnlyList<string>> sentences, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        return Ask([.. sentences.Select(WordList.OfWords)], cancellationToken);
    }

    /// <summary>Releases the model; calls that run meanwhile come to their end.</summary>
    public void Dispose() => _loaded.Model.Dispose();

    private TaggedText[] Ask(WordList[] sentences, CancellationToken cancellationToken)
    {
        var encoded = new EncodedWords[sentences.Length];
        for (var i = 0; i < encoded.Length; i++)
            encoded[i] = Encode(sentences[i], i);
        var inputs = Array.ConvertAll(encoded, e => new TextInput(e.Ids, [], e.FirstTokens.Length < e.Words));
        var rows = _loaded.Model.Ask(inputs, _loaded.Options.BatchSize, cancellationToken);
        return [.. sentences.Select((sentence, i) => Answer(sentence, encoded[i].FirstTokens, rows[i], inputs[i].IsCut))];
    }

    private EncodedWords Encode(WordList sentence, int index)
    {
        if (sentence.Words.Count == 0 || sentence.Words.Any(string.IsNullOrEmpty))
            throw new DecantException($"Text {index + 1}: expected at least one word, and none of them empty, came {(sentence.Words.Count == 0 ? "a blank text" : "an empty word")}. Leave it out.");
        try
        {
            return _encoder.Encode(sentence.Words);
        }
        catch (DecantException fault)
        {
            throw new DecantException($"Text {index + 1}: {fault.Message}", inner: fault);
        }
    }

    private TaggedText Answer(WordList sentence, int[] firstTokens, float[] rows, bool isCut)
    {
        var words = new TaggedWord[sentence.Words.Count];
        var found = new string[firstTokens.Length];
        for (var w = 0; w < words.Length; w++)
        {
            var (start, end) = sentence.Places[w];
            if (w >= found.Length)
            {
                words[w] = new(sentence.Words[w], start, end, null, 0);
                continue;
            }

            var row = rows.AsSpan(firstTokens[w] * Labels.Count, Labels.Count);
            var best = Softmax.InPlace(row);
            words[w] = new(sentence.Words[w], start, end, found[w] = Labels[best], row[best]);
        }

        return new(sentence.Text, words, _tags is null ? null : [.. _tags.EntitiesOf(found).Select(entity => Shown(entity, sentence))], isCut);
    }

    private static TaggedEntity Shown(Entity entity, WordList sentence)
    {
        var (start, end) = (sentence.Places[entity.Start].Start, sentence.Places[entity.End - 1].End);
        return new(entity.Type, sentence.Text[start..end], start, end);
    }
}
