using System.Globalization;
using Decant.Text;
using Decant.Text.Vocabularies;

namespace Decant.Bench;

/// <summary>Texts that are token ids already, as decimal numbers with spaces between: what is measured is training, not reading.</summary>
internal sealed class NumberTokenizer(int vocabularySize) : ITokenizer
{
    private const int Unknowable = 1;
    private const int Pad = 0;
    private const int Begin = 2;
    private const int End = 3;

    public int VocabularySize => vocabularySize;

    public SpecialTokens Special { get; } = new() { Pad = Pad, Unknown = Unknowable, Classification = Begin, Separator = End, Mask = 4 };

    /// <summary>The first id that is no special token.</summary>
    public const int FirstWord = 5;

    public IReadOnlyDictionary<string, int> TokenToId => Enumerable.Range(0, vocabularySize).ToDictionary(TokenOf, id => id);

    public string Hash => $"numbers-{vocabularySize}";

    public string TokenOf(int id) => id.ToString(CultureInfo.InvariantCulture);

    public int[] Encode(string text) => [.. text.Split(' ').Select(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : Unknowable)];

    public EncodedText EncodeForModel(string text, string? pair, int maxTokens)
    {
        int[] ids = [Begin, .. Encode(text).Take(maxTokens - 2), End];
        return new EncodedText(ids, new byte[ids.Length]);
    }

    public TokenizedText Tokenize(string text, string? pair = null, TokenizeOptions? options = null) => throw new NotSupportedException("Numbers have ids and nothing else.");

    public string Decode(ReadOnlySpan<int> ids, bool keepSpecial = false) => string.Join(' ', ids.ToArray());
}
