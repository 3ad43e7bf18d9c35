using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Decant.Teachers.Answers.Storage;

/// <summary>The name of a question in a store: 128 bits of the SHA-256 of the input and of all settings that the manifest does not have.</summary>
/// <param name="Value">The bits.</param>
internal readonly record struct AnswerKey(UInt128 Value)
{
    /// <summary>Its bytes in a file.</summary>
    public const int Size = 16;

    /// <summary>The key of a question.</summary>
    /// <param name="settings">What all inputs have in common, such as the hash of how texts become tokens.</param>
    /// <param name="input">The input: its content, or what identifies it.</param>
    public static AnswerKey Of(ReadOnlySpan<byte> settings, ReadOnlySpan<byte> input)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, settings.Length); // where one part ends belongs to the question
        hash.AppendData(bytes[..sizeof(long)]);
        hash.AppendData(settings);
        hash.AppendData(input);
        hash.GetHashAndReset(bytes);
        return Read(bytes);
    }

    /// <summary>Reads one.</summary>
    public static AnswerKey Read(ReadOnlySpan<byte> from) => new(BinaryPrimitives.ReadUInt128LittleEndian(from));

    /// <summary>Writes it.</summary>
    public void Write(Span<byte> to) => BinaryPrimitives.WriteUInt128LittleEndian(to, Value);

    /// <summary>A seed for drawing an answer, so that a question is answered by the same draws in every run.</summary>
    public ulong Seed => (ulong)Value;

    /// <summary>Thirty-two hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
