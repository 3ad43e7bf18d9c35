namespace Decant.Text;

/// <summary>Tokenizing many texts at once.</summary>
public static class TokenizerExtensions
{
    /// <summary>The ids of every text, without those that a model wants around it; on all cores.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static int[][] EncodeBatch(this ITokenizer tokenizer, IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(texts);
        return OnAllCores(texts.Count, i => tokenizer.Encode(texts[i]), cancellationToken);
    }

    /// <summary>The tokens of every text, or pair; cut as the options or the tokenizer's file say, and filled where the file says so; on all cores.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="pairs">The second texts, one for each; null: none.</param>
    /// <param name="options">Null: as the tokenizer's file says.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">There are not as many second texts as first ones.</exception>
    public static TokenizedText[] TokenizeBatch(this ITokenizer tokenizer, IReadOnlyList<string> texts, IReadOnlyList<string>? pairs = null, TokenizeOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(texts);
        if (pairs is not null && pairs.Count != texts.Count) throw new ArgumentException($"There are {texts.Count} texts and {pairs.Count} second ones.", nameof(pairs));
        if (tokenizer is not Tokenizer { Padding: { Fixed: null } padding } own) return OnAllCores(texts.Count, i => tokenizer.Tokenize(texts[i], pairs?[i], options), cancellationToken);
        var batch = OnAllCores(texts.Count, i => own.TokenizeUnfilled(texts[i], pairs?[i], options), cancellationToken);
        var longest = batch.Select(text => text.Ids.Length).DefaultIfEmpty(0).Max();
        return [.. batch.Select(text => text.Padded(padding, longest))];
    }

    private static T[] OnAllCores<T>(int count, Func<int, T> make, CancellationToken cancellationToken)
    {
        var made = new T[count];
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellationToken }, i => made[i] = make(i));
        return made;
    }
}
