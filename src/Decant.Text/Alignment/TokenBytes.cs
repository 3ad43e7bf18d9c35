using System.Text;
using System.Text.Json;
using Decant.Text.Models;
using Decant.Text.PreTokenization;

namespace Decant.Text.Alignment;

/// <summary>The bytes of UTF-8 that each token of a vocabulary stands for within a text: by them tokens of different tokenizers are compared.</summary>
/// <remarks>
/// Byte-level tokens are the bytes that their characters encode; those of SentencePiece are their characters, ▁ a space, &lt;0x0A&gt; a byte. Words of WordPiece and of BPE with marked ends of words do not
/// keep the spaces between them, so that no text comes back: such tokenizers are refused.
/// </remarks>
internal sealed class TokenBytes
{
    private const char Space = '▁';

    private readonly byte[]?[] _bytes;

    private TokenBytes(ITokenizer tokenizer, byte[]?[] bytes)
    {
        (Tokenizer, _bytes) = (tokenizer, bytes);
        AddsSpace = tokenizer.Encode("ab") is [var first, ..] && Of(first) is [(byte)' ', ..];
    }

    /// <summary>Whose tokens they are.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>Whether a space is put before every text, so that its first token has one byte more than the text.</summary>
    public bool AddsSpace { get; }

    /// <summary>V.</summary>
    public int Count => _bytes.Length;

    /// <summary>The bytes of every token of a tokenizer.</summary>
    /// <param name="tokenizer">One that was loaded or trained.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="DecantException">Its tokens do not keep the text.</exception>
    public static TokenBytes Of(ITokenizer tokenizer, string name)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (tokenizer is not Tokenizer own)
            throw new DecantException($"{name}: expected a tokenizer that was loaded or trained, came {tokenizer.GetType().Name}, of which the bytes of tokens are not known.");
        var kinds = Kinds(own.Parts.Decoder);
        if (kinds.Overlaps(["WordPiece", "BPEDecoder", "CTC"]))
            throw new DecantException(
                $"{name}: expected a tokenizer whose tokens put together are the text (byte-level BPE, SentencePiece), came one that leaves spaces out ({string.Join(", ", kinds)}): its tokens cannot be found in the text that another " +
                "tokenizer reads. Use byte-bpe or unigram for the student, or the teacher's tokenizer for both.");
        var isByteLevel = kinds.Contains("ByteLevel");
        var bytes = new byte[]?[tokenizer.VocabularySize];
        var added = own.Parts.Added.ToDictionary(token => token.Id, token => token.Special);
        foreach (var (token, id) in tokenizer.TokenToId)
            bytes[id] = !added.TryGetValue(id, out var isSpecial) ? BytesOf(token, isByteLevel) : isSpecial ? null : Encoding.UTF8.GetBytes(token);
        foreach (var id in new[] { tokenizer.Special.Unknown, tokenizer.Special.Bos, tokenizer.Special.Eos, tokenizer.Special.Pad }.OfType<int>())
            bytes[id] = null;
        return new(tokenizer, bytes);
    }

    /// <summary>A token's bytes; null: it is a special one, the unknown one, or there is none of that id.</summary>
    public byte[]? Of(int id) => (uint)id < (uint)_bytes.Length ? _bytes[id] : null;

    /// <summary>All bytes of some tokens; null: one of them has none.</summary>
    public byte[]? Of(ReadOnlySpan<int> ids)
    {
        var all = new List<byte>(ids.Length * 4);
        foreach (var id in ids)
        {
            if (Of(id) is not { } own)
                return null;
            all.AddRange(own);
        }

        return [.. all];
    }

    /// <summary>Whether a text comes back from its tokens, byte for byte.</summary>
    public bool Keeps(string text)
    {
        var expected = Encoding.UTF8.GetBytes(text);
        return Of(Tokenizer.Encode(text)) is { } bytes && (bytes.AsSpan().SequenceEqual(expected) || (AddsSpace && bytes is [(byte)' ', .. var rest] && rest.AsSpan().SequenceEqual(expected)));
    }

    private static byte[] BytesOf(string token, bool isByteLevel)
    {
        if (!isByteLevel)
            return ByteTokens.ValueOf(token) is var value and >= 0 ? [(byte)value] : Encoding.UTF8.GetBytes(token.Replace(Space, ' '));
        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            if (ByteLevel.Byte(token[i]) is not (var one and >= 0))
                return Encoding.UTF8.GetBytes(token); // no bytes were written in it
            bytes[i] = (byte)one;
        }

        return bytes;
    }

    private static HashSet<string> Kinds(JsonElement? decoder)
    {
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        if (decoder is { ValueKind: JsonValueKind.Object } element)
            Add(element, kinds);
        return kinds;

        static void Add(JsonElement component, HashSet<string> kinds)
        {
            if (component.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String)
                kinds.Add(type.GetString()!);
            if (component.TryGetProperty("decoders", out var inner) && inner.ValueKind == JsonValueKind.Array)
                foreach (var one in inner.EnumerateArray())
                    Add(one, kinds);
        }
    }
}
