namespace Decant.Text;

/// <summary>Whether a tokenizer and a model belong together.</summary>
internal static class ModelVocabulary
{
    /// <summary>Rows of the embedding beyond the tokenizer are common: sizes are rounded up. Tokens beyond the embedding are none.</summary>
    /// <exception cref="DecantException">The tokenizer has tokens that the model does not know.</exception>
    public static void Check(string folder, ITokenizer tokenizer, long known)
    {
        if (tokenizer.VocabularySize <= known)
            return;
        var beyond = tokenizer.TokenToId.Where(t => t.Value >= known).OrderBy(t => t.Value).Take(3).Select(t => $"'{t.Key}' ({t.Value})");
        throw new DecantException(
            $"{folder}: the tokenizer has {tokenizer.VocabularySize} tokens, the model knows {known}: {string.Join(", ", beyond)} and those behind are beyond it. " +
            "Put the model's own tokenizer beside it.");
    }
}
