using Decant.Text.Vocabularies;

namespace Decant.Text;

/// <summary>Turns text into token ids and back.</summary>
/// <remarks>Safe to use from several threads. Halves of surrogate pairs in a text are read as U+FFFD.</remarks>
public interface ITokenizer
{
    /// <summary>One more than the highest id V − 1; not every id below need have a token.</summary>
    int VocabularySize { get; }

    /// <summary>The ids of the tokens that mean something of their own.</summary>
    SpecialTokens Special { get; }

    /// <summary>Every token with its id.</summary>
    IReadOnlyDictionary<string, int> TokenToId { get; }

    /// <summary>SHA-256, in hexadecimal, of all that decides the ids: vocabulary, merges, normalisation, templates. Equal hashes give equal ids.</summary>
    string Hash { get; }

    /// <summary>The token of an id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No token has the id.</exception>
    string TokenOf(int id);

    /// <summary>The ids of a text, without those that a model wants around it.</summary>
    int[] Encode(string text);

    /// <summary>The ids of a text or a pair as a model reads them: with BERT's tokenizer [CLS] text [SEP], or [CLS] text [SEP] pair [SEP].</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text, or null.</param>
    /// <param name="maxTokens">The most ids, special ones included: the end of the longer text is cut first.</param>
    EncodedText EncodeForModel(string text, string? pair, int maxTokens);

    /// <summary>The tokens of a text or a pair with all that is known of them.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text, or null.</param>
    /// <param name="options">Null: with special tokens, cut and filled as the tokenizer's file says.</param>
    TokenizedText Tokenize(string text, string? pair = null, TokenizeOptions? options = null);

    /// <summary>The text of the ids; special tokens are left out unless asked for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No token has one of the ids.</exception>
    string Decode(ReadOnlySpan<int> ids, bool keepSpecial = false);
}

/// <summary>The ids of a text as a model reads them.</summary>
/// <param name="Ids">[T] token ids, special ones included.</param>
/// <param name="TypeIds">[T]: 0 for the first text and its special tokens, 1 for the second, as the tokenizer's template has it.</param>
public readonly record struct EncodedText(int[] Ids, byte[] TypeIds);

/// <summary>How a text is tokenized.</summary>
public sealed record TokenizeOptions
{
    /// <summary>Whether the tokens that a model wants around a text are added; default: on.</summary>
    public bool AddSpecial { get; init; } = true;

    /// <summary>The most tokens, special ones included; null: what the tokenizer's file says, or all.</summary>
    public int? MaxTokens { get; init; }
}

/// <summary>The T tokens of a text, or of a pair, with all that is known of them.</summary>
public sealed record TokenizedText
{
    /// <summary>[T] ids.</summary>
    public required int[] Ids { get; init; }

    /// <summary>[T] tokens, as they stand in the vocabulary.</summary>
    public required string[] Tokens { get; init; }

    /// <summary>[T] places in the text that each token came from, in UTF-16 units, the end excluded; (0, 0) for added and filling tokens.</summary>
    public required (int Start, int End)[] Offsets { get; init; }

    /// <summary>[T] 0 for the first text, 1 for the second, as the template has it.</summary>
    public required byte[] TypeIds { get; init; }

    /// <summary>[T] whether a token was added around the text, or fills it up.</summary>
    public required bool[] IsSpecial { get; init; }

    /// <summary>[T] whether a token is to be seen; false where it only fills up.</summary>
    public required bool[] AttentionMask { get; init; }
}
