using System.Text;
using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote;

/// <summary>How many tokens a request may have, without its tokenizer.</summary>
internal static class PromptSize
{
    private const int TokensAroundMessage = 16; // role and marks
    private const int UsualBytesOfToken = 4;

    /// <summary>No more than this: a token has a byte at least.</summary>
    public static long Most(IEnumerable<ChatMessage> messages, ChatOptions? options = null) => Bytes(options?.Instructions) + messages.Sum(message => TokensAroundMessage + Bytes(message));

    /// <summary>About this: four bytes a token.</summary>
    public static long About(IEnumerable<ChatMessage> messages, ChatOptions? options = null) => Most(messages, options) / UsualBytesOfToken;

    /// <summary>No more than this, of texts.</summary>
    public static long Most(IEnumerable<string> texts) => texts.Sum(Bytes);

    /// <summary>About this, of texts.</summary>
    public static long About(IEnumerable<string> texts) => Most(texts) / UsualBytesOfToken;

    private static long Bytes(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);

    private static long Bytes(ChatMessage message) => message.Contents.Sum(content => content switch
    {
        TextContent text => Bytes(text.Text),
        DataContent data => data.Data.Length,
        _ => Bytes(content.ToString()),
    });
}
