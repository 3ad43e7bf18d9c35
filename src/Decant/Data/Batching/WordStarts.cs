using Decant.Text;

namespace Decant.Data.Batching;

/// <summary>Which tokens begin a word, by how a vocabulary marks them: word pieces that go on with <c>##</c>, others that begin with the space before them (<c>Ġ</c> or <c>▁</c>).</summary>
internal sealed class WordStarts
{
    private readonly bool[] _begins;

    private WordStarts(bool[] begins) => _begins = begins;

    public bool Begins(int id) => _begins[id];

    public static WordStarts Of(ITokenizer tokenizer)
    {
        var begins = new bool[tokenizer.VocabularySize];
        var marksInside = tokenizer.TokenToId.Keys.Any(token => token.Length > 2 && token.StartsWith("##", StringComparison.Ordinal));
        var marksStart = !marksInside && tokenizer.TokenToId.Keys.Any(HasSpace);
        foreach (var (token, id) in tokenizer.TokenToId)
            begins[id] = marksInside ? !token.StartsWith("##", StringComparison.Ordinal) : !marksStart || HasSpace(token);
        return new WordStarts(begins);
    }

    private static bool HasSpace(string token) => token.Length > 0 && token[0] is '\u0120' or '\u2581' or ' ';
}
