using System.Text.Json;

namespace Decant.Text;

/// <summary>From left to right the longest token that fits; inside a word tokens begin with ##. A word that cannot be made up is [UNK].</summary>
/// <remarks>Source: Devlin et al. 2019, <c>WordpieceTokenizer</c>.</remarks>
internal sealed class WordPieceModel : ITokenModel
{
    public const string Prefix = "##";
    private readonly Vocabulary _vocabulary;
    private readonly Dictionary<string, int> _insides = new(StringComparer.Ordinal);
    private readonly int _maxCharacters;
    private readonly int _longest;

    public WordPieceModel(Vocabulary vocabulary, int maxCharacters = 100)
    {
        _vocabulary = vocabulary;
        _maxCharacters = maxCharacters;
        _longest = vocabulary.Tokens.Max(token => token.Length);
        foreach (var (token, id) in vocabulary.Ids)
            if (token.StartsWith(Prefix, StringComparison.Ordinal)) _insides[token[Prefix.Length..]] = id;
    }

    public void Encode(string word, List<int> ids)
    {
        var begin = ids.Count;
        if (IsTooLong(word))
        {
            ids.Add(_vocabulary.Special.Unknown);
            return;
        }

        for (var start = 0; start < word.Length;)
        {
            var lookup = start == 0 ? _vocabulary.Lookup : _insides.GetAlternateLookup<ReadOnlySpan<char>>();
            var end = Math.Min(word.Length, start + _longest);
            int id;
            while (!lookup.TryGetValue(word.AsSpan(start, end - start), out id))
            {
                end--;
                if (end > start) continue;
                ids.RemoveRange(begin, ids.Count - begin);
                ids.Add(_vocabulary.Special.Unknown);
                return;
            }

            ids.Add(id);
            start = end;
        }
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "WordPiece");
        json.WriteString("unk_token", _vocabulary.Tokens[_vocabulary.Special.Unknown]);
        json.WriteString("continuing_subword_prefix", Prefix);
        json.WriteNumber("max_input_chars_per_word", _maxCharacters);
        TokenizerJson.WriteVocabulary(json, _vocabulary);
        json.WriteEndObject();
    }

    /// <summary>Characters are code points, not UTF-16 units.</summary>
    private bool IsTooLong(string word)
    {
        if (word.Length <= _maxCharacters) return false;
        var count = 0;
        foreach (var _ in word.EnumerateRunes()) count++;
        return count > _maxCharacters;
    }
}
