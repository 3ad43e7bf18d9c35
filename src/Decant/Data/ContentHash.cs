using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Decant.Data;

/// <summary>The first 64 bits of the SHA-256 of a content; the kind and the sizes are part of what is hashed.</summary>
internal static class ContentHash
{
    private const int StackBytes = 2048;

    public static ulong Of(SampleContent content) => content switch
    {
        TextContent text => OfText(text.Text, text.Pair),
        ChatContent { OfTeacher: { } more } chat => OfPair('C', chat.Text, $"{string.Join(',', chat.Spans)};{string.Join(',', more.Spans)};{more.Text}"),
        ChatContent chat => OfPair('c', chat.Text, string.Join(',', chat.Spans)),
        PromptContent { Context: { } context } prompt => OfPair('P', context, FormattableString.Invariant($"{prompt.Prompt.Length},{prompt.Prompt}{prompt.Completion}")),
        PromptContent prompt => OfPrompt(prompt.Prompt, prompt.Completion),
        RankingContent ranking => OfPair('r', ranking.Query, string.Join('\0', ranking.Documents)),
        WordsContent words => OfPair('w', string.Join('\0', words.Words), null),
        TokenContent { OfTeacher: { } more } tokens => OfTokens([.. tokens.Ids.Span, -1, .. Numbers(tokens.Learned is { } learned ? learned.Span : []), -2, .. more.Ids.Span]),
        TokenContent { Learned: null } tokens => OfTokens(tokens.Ids.Span),
        TokenContent tokens => OfTokens([.. tokens.Ids.Span, -1, .. Numbers(tokens.Learned.Value.Span)]),
        ImageContent image => OfImage(image.Pixels.Span, image.Channels, image.Height, image.Width),
        VectorContent vector => OfParts('v', 0, 0, 0, MemoryMarshal.AsBytes(vector.Values.Span)),
        _ => throw new NotSupportedException($"The content {content.GetType().Name} has no hash."),
    };

    private static int[] Numbers(ReadOnlySpan<bool> marks)
    {
        var numbers = new int[marks.Length];
        for (var i = 0; i < marks.Length; i++) numbers[i] = marks[i] ? 1 : 0;
        return numbers;
    }

    /// <summary>Of little-endian int32, however the tokens are stored.</summary>
    public static ulong OfTokens(ReadOnlySpan<int> ids) => OfParts('k', ids.Length, 0, 0, MemoryMarshal.AsBytes(ids));

    public static ulong OfPrompt(string prompt, string completion) => OfPair('p', prompt, completion);

    public static ulong OfText(string text, string? pair) => OfPair('t', text, pair);

    private static ulong OfPair(char kind, string text, string? pair)
    {
        // The pair's length keeps ("ab", "c") and ("a", "bc") apart.
        var pairBytes = pair is null ? 0 : Encoding.UTF8.GetByteCount(pair);
        var size = Encoding.UTF8.GetByteCount(text) + pairBytes;
        var bytes = size <= StackBytes ? stackalloc byte[size] : new byte[size];
        var written = Encoding.UTF8.GetBytes(text, bytes);
        if (pair is not null) Encoding.UTF8.GetBytes(pair, bytes[written..]);
        return OfParts(kind, pair is null ? 0 : 1, pairBytes, 0, bytes);
    }

    public static ulong OfImage(ReadOnlySpan<byte> pixels, int channels, int height, int width) => OfParts('i', channels, height, width, pixels);

    /// <summary>Begins the hash of a text that is too long to be held; its UTF-8 follows, then <see cref="First64"/>.</summary>
    public static void AppendTextHead(IncrementalHash hash)
    {
        Span<byte> head = stackalloc byte[16];
        head.Clear();
        head[0] = (byte)'t';
        hash.AppendData(head);
    }

    /// <summary>31 bits of the SHA-256 of some bytes.</summary>
    public static int Of31(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadInt32LittleEndian(hash) & int.MaxValue;
    }

    public static ulong First64(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt64LittleEndian(hash);

    private static ulong OfParts(char kind, int a, int b, int c, ReadOnlySpan<byte> content)
    {
        const int Head = 16;
        var size = Head + content.Length;
        var all = size <= StackBytes ? stackalloc byte[size] : new byte[size];
        BinaryPrimitives.WriteInt32LittleEndian(all, kind);
        BinaryPrimitives.WriteInt32LittleEndian(all[4..], a);
        BinaryPrimitives.WriteInt32LittleEndian(all[8..], b);
        BinaryPrimitives.WriteInt32LittleEndian(all[12..], c);
        content.CopyTo(all[Head..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(all, hash);
        return First64(hash);
    }
}
