namespace Decant.Inference;

/// <summary>Predicts masked tokens with a masked language model that Decant exported. Safe to use from several threads.</summary>
public sealed class MaskFiller : IDisposable
{
    private readonly TextLoading _loaded;
    private readonly int _mask;
    private readonly int _tokens;
    private readonly Dictionary<int, string> _names = [];

    private MaskFiller(TextLoading loaded)
    {
        var tokenizer = loaded.Model.Tokenizer;
        if (tokenizer.Special.Mask is not { } mask)
        {
            loaded.Model.Dispose();
            throw new DecantException($"{loaded.Folder.Path}: the tokenizer has no mask token, and this model predicts masked tokens. Put the model's own tokenizer beside it.");
        }

        // Rows beyond the tokenizer are of no token.
        (_loaded, _mask, _tokens) = (loaded, mask, Math.Min(loaded.Model.Width, tokenizer.VocabularySize));
        foreach (var (token, id) in tokenizer.TokenToId)
            _names[id] = token;
    }

    /// <summary>How the mask is written in a text, such as <c>[MASK]</c>.</summary>
    public string Mask => _names[_mask];

    /// <summary>The most tokens of a text that are read, special ones included.</summary>
    public int MaxTokens => _loaded.Model.MaxTokens;

    /// <summary>Loads a masked language model.</summary>
    /// <inheritdoc cref="TextClassifier.Load" path="/param"/>
    /// <inheritdoc cref="TextClassifier.Load" path="/exception"/>
    public static MaskFiller Load(string folder, InferenceOptions? options = null) => new(TextLoading.Open(
        folder, options, isPerToken: true, "Classes are read by TextClassifier, tags by TokenTagger, language models that continue texts by TextGenerator.", ["logits"], ArchitectureTask.MaskedLanguageModel));

    /// <summary>The most probable tokens at every mask of a text.</summary>
    /// <param name="text">The text, with <see cref="Mask"/> where a token is to be predicted.</param>
    /// <param name="top">How many tokens for each mask, 1 or more; default: 5.</param>
    /// <returns>For each mask in its order the tokens, the most probable first.</returns>
    /// <exception cref="DecantException">The text has no mask within the tokens that are read, or the model could not be run.</exception>
    public IReadOnlyList<IReadOnlyList<MaskedToken>> Fill(string text, int top = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        var input = _loaded.Encode(text, null);
        int[] places = [.. Enumerable.Range(0, input.Ids.Length).Where(i => input.Ids[i] == _mask)];
        if (places.Length == 0)
            throw new DecantException($"The text: expected {Mask} where a token is to be predicted, came none{(input.IsCut ? $" among the first {MaxTokens} tokens, which are all that the model reads" : "")}. Write it there.");
        var (rows, width) = (_loaded.Model.Ask(input), _loaded.Model.Width);
        return [.. places.Select(place => Best(rows.AsSpan(place * width, width), top))];
    }

    /// <summary>Releases the model; calls that run meanwhile come to their end.</summary>
    public void Dispose() => _loaded.Model.Dispose();

    private MaskedToken[] Best(Span<float> row, int top)
    {
        Softmax.InPlace(row);
        var (probabilities, ids) = (row[.._tokens].ToArray(), Enumerable.Range(0, _tokens).ToArray());
        Array.Sort(probabilities, ids);
        Array.Reverse(probabilities);
        Array.Reverse(ids);
        return [.. Enumerable.Range(0, Math.Min(top, _tokens)).Select(i => new MaskedToken(_names.GetValueOrDefault(ids[i]), ids[i], probabilities[i]))];
    }
}
