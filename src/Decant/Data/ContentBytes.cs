using System.Buffers.Binary;
using System.Text;

namespace Decant.Data;

/// <summary>Contents as bytes, to be kept outside of the managed heap or on the disk while a program runs.</summary>
internal static class ContentBytes
{
    private const int ImageHead = 1 + (3 * sizeof(int));

    /// <summary>Appends a text, a pair, a ranking, a prompt, a conversation, words or an image.</summary>
    public static void Write(SampleContent content, Stream to)
    {
        using var writer = new BinaryWriter(to, Encoding.UTF8, leaveOpen: true);
        switch (content)
        {
            case TextContent { Pair: null } text:
                writer.Write((byte)'t');
                writer.Write(text.Text);
                break;
            case TextContent { Pair: { } second } pair:
                writer.Write((byte)'2');
                writer.Write(pair.Text);
                writer.Write(second);
                break;
            case PromptContent prompt:
                writer.Write((byte)'p');
                writer.Write(prompt.Prompt);
                writer.Write(prompt.Completion);
                break;
            case ChatContent chat:
                writer.Write((byte)'c');
                writer.Write(chat.Spans.Count);
                foreach (var (start, end) in chat.Spans)
                {
                    writer.Write(start);
                    writer.Write(end);
                }

                writer.Write(chat.Text);
                break;
            case WordsContent words:
                writer.Write((byte)'w');
                writer.Write(words.Words.Count);
                foreach (var word in words.Words) writer.Write(word);
                break;
            case RankingContent ranking:
                writer.Write((byte)'r');
                writer.Write(ranking.Documents.Count);
                writer.Write(ranking.Query);
                foreach (var document in ranking.Documents) writer.Write(document);
                break;
            case ImageContent image:
                writer.Write((byte)'i');
                writer.Write(image.Channels);
                writer.Write(image.Height);
                writer.Write(image.Width);
                writer.Write(image.Pixels.Span);
                break;
            default:
                throw new NotSupportedException($"The content {content.GetType().Name} is not kept as bytes.");
        }
    }

    /// <summary>The content of bytes that <see cref="Write"/> made; an image shares their memory.</summary>
    public static SampleContent Read(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (span[0] == 'i')
            return new ImageContent(bytes[ImageHead..], BinaryPrimitives.ReadInt32LittleEndian(span[1..]), BinaryPrimitives.ReadInt32LittleEndian(span[5..]), BinaryPrimitives.ReadInt32LittleEndian(span[9..]));
        var at = 1;
        switch (span[0])
        {
            case (byte)'t': return new TextContent(Text(span, ref at));
            case (byte)'2': return new TextContent(Text(span, ref at), Text(span, ref at));
            case (byte)'r':
                var documents = new string[BinaryPrimitives.ReadInt32LittleEndian(span[at..])];
                at += sizeof(int);
                var query = Text(span, ref at);
                for (var i = 0; i < documents.Length; i++) documents[i] = Text(span, ref at);
                return new RankingContent(query, documents);
            case (byte)'c':
                var spans = new (int, int)[BinaryPrimitives.ReadInt32LittleEndian(span[at..])];
                at += sizeof(int);
                for (var i = 0; i < spans.Length; i++, at += 2 * sizeof(int)) spans[i] = (BinaryPrimitives.ReadInt32LittleEndian(span[at..]), BinaryPrimitives.ReadInt32LittleEndian(span[(at + sizeof(int))..]));
                return new ChatContent(Text(span, ref at), spans);
            case (byte)'p': return new PromptContent(Text(span, ref at), Text(span, ref at));
            default:
                var words = new string[BinaryPrimitives.ReadInt32LittleEndian(span[at..])];
                at += sizeof(int);
                for (var i = 0; i < words.Length; i++) words[i] = Text(span, ref at);
                return new WordsContent(words);
        }
    }

    /// <summary>A text after its length in bytes, seven bits in each byte.</summary>
    private static string Text(ReadOnlySpan<byte> bytes, ref int at)
    {
        var (length, shift) = (0, 0);
        byte next;
        do
        {
            next = bytes[at++];
            length |= (next & 0x7F) << shift;
            shift += 7;
        }
        while (next >= 0x80);
        at += length;
        return Encoding.UTF8.GetString(bytes.Slice(at - length, length));
    }
}
