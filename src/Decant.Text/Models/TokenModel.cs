using System.Text.Json;
using Decant.Text.PreTokenization;
using Decant.Text.Unicode;

namespace Decant.Text.Models;

/// <summary>A token of a word: its id and its place in the word, in UTF-16 units.</summary>
internal readonly record struct Token(int Id, int Start, int End);

/// <summary>The third step of a tokenizer: cuts a word into tokens of the vocabulary. Safe to use from several threads.</summary>
internal abstract class TokenModel
{
    /// <summary>Every token of the model with its id.</summary>
    public abstract IReadOnlyDictionary<string, int> Vocabulary { get; }

    /// <summary>The unknown token; null where there is none.</summary>
    public abstract string? UnknownToken { get; }

    /// <summary>Whether no token begins with one part of a text and ends in the next.</summary>
    public virtual string? SubwordPrefix => null;

    /// <summary>Adds the tokens of a word, which is not empty and well-formed, in order.</summary>
    public abstract void Encode(ReadOnlySpan<char> word, List<Token> tokens);

    /// <summary>Adds the tokens that decided what became of a word though they may not stand in it; as a rule there are none.</summary>
    public virtual void AddTried(ReadOnlySpan<char> word, ISet<int> ids)
    {
    }

    /// <summary>The tokens that must stay for others to be used as before.</summary>
    public abstract IEnumerable<int> NeededBy(IReadOnlySet<int> kept);

    /// <summary>The same model with fewer tokens.</summary>
    /// <param name="numbers">The new ids of those that stay, 0 and up in the order of the old ones; tokens of others than the model may be among them.</param>
    public abstract TokenModel Restricted(IReadOnlyDictionary<int, int> numbers);

    /// <summary>Writes the model as in tokenizer.json.</summary>
    public abstract void Write(Utf8JsonWriter json);

    protected static Dictionary<string, int> Restricted(IReadOnlyDictionary<string, int> vocabulary, IReadOnlyDictionary<int, int> numbers) =>
        vocabulary.Where(token => numbers.ContainsKey(token.Value)).ToDictionary(token => token.Key, token => numbers[token.Value], StringComparer.Ordinal);

    protected static IEnumerable<int> IdsOf(IEnumerable<string?> tokens, IReadOnlyDictionary<string, int> vocabulary) =>
        tokens.Where(token => token is not null && vocabulary.ContainsKey(token)).Select(token => vocabulary[token!]);

    protected static void WriteVocabulary(Utf8JsonWriter json, IReadOnlyDictionary<string, int> vocabulary)
    {
        json.WriteStartObject("vocab");
        foreach (var (token, id) in vocabulary.OrderBy(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)) json.WriteNumber(token, id);
        json.WriteEndObject();
    }
}

/// <summary>A model of words with their UTF-8 bytes written as visible characters.</summary>
internal sealed class ByteLevelModel(TokenModel inner) : TokenModel
{
    public TokenModel Inner => inner;

    public override IReadOnlyDictionary<string, int> Vocabulary => inner.Vocabulary;

    public override string? UnknownToken => inner.UnknownToken;

    public override void Encode(ReadOnlySpan<char> word, List<Token> tokens)
    {
        var most = word.Length * 3;
        var written = most <= 512 ? stackalloc char[most] : new char[most];
        var places = most <= 512 ? stackalloc int[most + 1] : new int[most + 1];
        Span<byte> bytes = stackalloc byte[4];
        var count = 0;
        for (var at = 0; at < word.Length;)
        {
            var rune = Characters.RuneAt(word, at);
            foreach (var value in bytes[..rune.EncodeToUtf8(bytes)]) (written[count], places[count++]) = (ByteLevel.Character(value), at);
            at += rune.Utf16SequenceLength;
        }

        var before = tokens.Count;
        inner.Encode(written[..count], tokens);
        for (var i = before; i < tokens.Count; i++)
        {
            var (id, start, end) = tokens[i];
            var last = places[end - 1];
            tokens[i] = new Token(id, places[start], last + Characters.UnitsAt(word, last));
        }
    }

    public override IEnumerable<int> NeededBy(IReadOnlySet<int> kept) => inner.NeededBy(kept);

    public override TokenModel Restricted(IReadOnlyDictionary<int, int> numbers) => new ByteLevelModel(inner.Restricted(numbers));

    public override void Write(Utf8JsonWriter json) => inner.Write(json);
}
