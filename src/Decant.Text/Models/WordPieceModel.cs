using System.Text.Json;
using Decant.Text.Unicode;
using Decant.Text.Vocabularies;

namespace Decant.Text.Models;

/// <summary>From left to right the longest token that fits; inside a word tokens begin with a prefix, ## as a rule. A word that cannot be made up is unknown.</summary>
/// <remarks>Source: Devlin et al. 2019, <c>WordpieceTokenizer</c>.</remarks>
internal sealed class WordPieceModel : TokenModel
{
    public const string Prefix = "##";
    private readonly Dictionary<string, int> _vocabulary;
    private readonly CharTrie _begins = new();
    private readonly CharTrie _insides = new();
    private readonly string _unknown;
    private readonly string _prefix;
    private readonly int _unknownId;
    private readonly int _maxCharacters;

    public WordPieceModel(Dictionary<string, int> vocabulary, string unknown = "[UNK]", string prefix = Prefix, int maxCharacters = 100)
    {
        (_vocabulary, _unknown, _prefix, _maxCharacters) = (vocabulary, unknown, prefix, maxCharacters);
        if (!vocabulary.TryGetValue(unknown, out _unknownId)) throw new DecantException($"The WordPiece vocabulary lacks its unknown token '{unknown}'.");
        foreach (var (token, id) in vocabulary)
        {
            _begins.Add(token, id);
            if (token.StartsWith(prefix, StringComparison.Ordinal)) _insides.Add(token.AsSpan(prefix.Length), id);
        }
    }

    public override IReadOnlyDictionary<string, int> Vocabulary => _vocabulary;

    public override string? UnknownToken => _unknown;

    public override string? SubwordPrefix => _prefix;

    public override void Encode(ReadOnlySpan<char> word, List<Token> tokens)
    {
        var begin = tokens.Count;
        var isTooLong = word.Length > _maxCharacters && Characters.CountRunes(word) > _maxCharacters;
        for (var start = 0; start < word.Length;)
        {
            var id = _unknownId;
            var length = isTooLong ? 0 : (start == 0 ? _begins : _insides).Longest(word[start..], out id);
            if (length == 0)
            {
                tokens.RemoveRange(begin, tokens.Count - begin);
                tokens.Add(new Token(_unknownId, 0, word.Length));
                return;
            }

            tokens.Add(new Token(id, start, start + length));
            start += length;
        }
    }

    /// <summary>A word is unknown where its longest beginnings lead nowhere; without these a shorter one might lead somewhere.</summary>
    public override void AddTried(ReadOnlySpan<char> word, ISet<int> ids)
    {
        if (word.Length > _maxCharacters && Characters.CountRunes(word) > _maxCharacters) return;
        for (var start = 0; start < word.Length;)
        {
            var length = (start == 0 ? _begins : _insides).Longest(word[start..], out var id);
            if (length == 0) return;
            ids.Add(id);
            start += length;
        }
    }

    public override IEnumerable<int> NeededBy(IReadOnlySet<int> kept) => [_unknownId];

    public override TokenModel Restricted(IReadOnlyDictionary<int, int> numbers) => new WordPieceModel(Restricted(_vocabulary, numbers), _unknown, _prefix, _maxCharacters);

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "WordPiece");
        json.WriteString("unk_token", _unknown);
        json.WriteString("continuing_subword_prefix", _prefix);
        json.WriteNumber("max_input_chars_per_word", _maxCharacters);
        WriteVocabulary(json, _vocabulary);
        json.WriteEndObject();
    }
}

/// <summary>Whole words only.</summary>
internal sealed class WordLevelModel(Dictionary<string, int> vocabulary, string unknown) : TokenModel
{
    public override IReadOnlyDictionary<string, int> Vocabulary => vocabulary;

    public override string? UnknownToken => unknown;

    public override void Encode(ReadOnlySpan<char> word, List<Token> tokens)
    {
        if (!vocabulary.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out var id) && !vocabulary.TryGetValue(unknown, out id))
            throw new DecantException($"The word '{word}' is not in the vocabulary, which has no token '{unknown}' for the unknown.");
        tokens.Add(new Token(id, 0, word.Length));
    }

    public override IEnumerable<int> NeededBy(IReadOnlySet<int> kept) => IdsOf([unknown], vocabulary);

    public override TokenModel Restricted(IReadOnlyDictionary<int, int> numbers) => new WordLevelModel(Restricted(vocabulary, numbers), unknown);

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "WordLevel");
        WriteVocabulary(json, vocabulary);
        json.WriteString("unk_token", unknown);
        json.WriteEndObject();
    }
}
