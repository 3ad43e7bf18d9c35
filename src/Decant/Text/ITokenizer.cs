namespace Decant.Text;

/// <summary>Turns text into token ids and back.</summary>
/// <remarks>Safe to use from several threads.</remarks>
public interface ITokenizer
{
    /// <summary>The number of tokens V: ids run from 0 to V − 1.</summary>
    int VocabularySize { get; }

    /// <summary>The ids of the tokens that mean something of their own.</summary>
    SpecialTokens Special { get; }

    /// <summary>Every token with its id.</summary>
    IReadOnlyDictionary<string, int> TokenToId { get; }

    /// <summary>SHA-256, in hexadecimal, of all that decides the ids: vocabulary, merges, normalisation. Equal hashes give equal ids.</summary>
    string Hash { get; }

    /// <summary>The token of an id.</summary>
    string TokenOf(int id);

    /// <summary>The ids of a text, without [CLS] and [SEP].</summary>
    int[] Encode(string text);

    /// <summary>The ids of a text or a pair as a model reads them: [CLS] text [SEP], or [CLS] text [SEP] pair [SEP].</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text, or null.</param>
    /// <param name="maxTokens">The most ids, special ones included: the end of the longer text is cut first.</param>
    EncodedText EncodeForModel(string text, string? pair, int maxTokens);

    /// <summary>The text of the ids; special tokens are left out unless asked for.</summary>
    string Decode(ReadOnlySpan<int> ids, bool keepSpecial = false);
}

/// <summary>The ids of a text as a model reads them.</summary>
/// <param name="Ids">[T] token ids, special ones included.</param>
/// <param name="TypeIds">[T]: 0 for the first text and its special tokens, 1 for the second.</param>
public readonly record struct EncodedText(int[] Ids, byte[] TypeIds);

/// <summary>The ids of the special tokens.</summary>
/// <param name="Pad">[PAD]: fills a batch's shorter texts.</param>
/// <param name="Unknown">[UNK]: what the vocabulary cannot say.</param>
/// <param name="Classification">[CLS]: stands before the text.</param>
/// <param name="Separator">[SEP]: stands after each text.</param>
/// <param name="Mask">[MASK]: hides a token.</param>
public sealed record SpecialTokens(int Pad, int Unknown, int Classification, int Separator, int Mask)
{
    internal static readonly string[] Names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    internal int[] All => [Pad, Unknown, Classification, Separator, Mask];
}
