using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Decant.Text;

namespace Decant.Data.Tokens;

/// <summary>What decides the content of a token file.</summary>
/// <param name="Vocabulary">V: ids are below it.</param>
/// <param name="EndOfText">The id after each document.</param>
/// <param name="TokenizerHash">[32] SHA-256 of the tokenizer's hash.</param>
/// <param name="SourceHash">[32] SHA-256 over the documents' ids, in order, and over how they are cut into pieces.</param>
internal sealed record TokenFileKey(int Vocabulary, int EndOfText, byte[] TokenizerHash, byte[] SourceHash)
{
    private const int NameBytes = 16;

    /// <summary>The bytes of a token.</summary>
    public int Width => Vocabulary <= ushort.MaxValue + 1 ? sizeof(ushort) : sizeof(int);

    public string FileName
    {
        get
        {
            Span<byte> numbers = stackalloc byte[2 * sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(numbers, Vocabulary);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[sizeof(int)..], EndOfText);
            return $"{Convert.ToHexStringLower(SHA256.HashData([.. TokenizerHash, .. SourceHash, .. numbers]).AsSpan(0, NameBytes))}.tokens";
        }
    }

    public static TokenFileKey Of(Dataset documents, ITokenizer tokenizer, int endOfText) =>
        new(tokenizer.VocabularySize, endOfText, SHA256.HashData(Encoding.UTF8.GetBytes(tokenizer.Hash)), HashOf(documents));

    public bool Equals(TokenFileKey? other) => other is not null && Vocabulary == other.Vocabulary && EndOfText == other.EndOfText
        && TokenizerHash.AsSpan().SequenceEqual(other.TokenizerHash) && SourceHash.AsSpan().SequenceEqual(other.SourceHash);

    public override int GetHashCode() => HashCode.Combine(Vocabulary, EndOfText, TokenizerHash[0], SourceHash[0]);

    private static byte[] HashOf(Dataset documents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> one = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(one, TextPieces.MostChars);
        hash.AppendData(one);
        for (var i = 0; i < documents.Count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(one, documents.HashOf(i));
            hash.AppendData(one);
        }

        return hash.GetHashAndReset();
    }
}
