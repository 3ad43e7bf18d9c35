using Decant.Text;
using Decant.Text.Vocabularies;

namespace Decant.Tests.Teachers.Remote.Scoring;

/// <summary>A tokenizer whose token n is <c>tn</c>.</summary>
internal sealed class NumberTokens(int count) : ITokenizer
{
    public int VocabularySize => count;

    public SpecialTokens Special => new();

    public IReadOnlyDictionary<string, int> TokenToId => Enumerable.Range(0, count).ToDictionary(TokenOf, id => id, StringComparer.Ordinal);

    public string Hash => "numbers";

    public string TokenOf(int id) => FormattableString.Invariant($"t{id}");

    public int[] Encode(string text) => throw new NotSupportedException();

    public EncodedText EncodeForModel(string text, string? pair, int maxTokens) => throw new NotSupportedException();

    public TokenizedText Tokenize(string text, string? pair = null, TokenizeOptions? options = null) => throw new NotSupportedException();

    public string Decode(ReadOnlySpan<int> ids, bool keepSpecial = false) => string.Concat(ids.ToArray().Select(TokenOf));
}
