using System.ComponentModel;
using Decant.Data.Sources;

namespace Decant.Data.Chats;

/// <summary>
/// Conversations for a language model, one JSON object on each line: <c>{"messages": [{"role": …, "content": …}, …]}</c>, with <c>tools</c> where there are some, or <c>{"conversations": [{"from": …, "value": …}, …]}</c>
/// as ShareGPT has them. A chat template makes texts of them; what the assistant says in these is learned, everything else is given.
/// </summary>
/// <remarks>
/// A conversation begins with a system message or none; then user and assistant take turns, a tool answering an assistant that called it. Arguments of calls that are JSON in a text become the object that templates expect.
/// </remarks>
public sealed record ChatFileOptions : TextFileOptions
{
    /// <summary>Where the chat template is: a model's folder, or a file with the template, whose special tokens are those of the <c>tokenizer_config.json</c> beside it.</summary>
    [Description("folder of the model whose chat template is used, or a file with the template")]
    [LocalPath]
    public required string Template { get; init; }

    /// <summary>Whether the last message of the assistant alone is learned, and all before it is given; default: all of its messages are learned.</summary>
    [Description("whether the assistant's last message alone is learned; default: all of its messages")]
    public bool LastTurnOnly { get; init; }

    /// <summary>Whether messages of the assistant that call tools are learned; default: they are. Those that are not are given.</summary>
    [Description("whether messages that call tools are learned")]
    public bool LearnToolCalls { get; init; } = true;

    /// <summary>The field of the messages; default: <c>messages</c>. Without it <c>conversations</c> is read.</summary>
    [Description("field of the messages; without it, ShareGPT's 'conversations' is read")]
    public string Messages { get; init; } = "messages";

    /// <summary>The field of the tools that may be called, a list; default: <c>tools</c>. A conversation need not have it.</summary>
    [Description("field of the list of tools")]
    public string Tools { get; init; } = "tools";

    /// <summary>The field of the system message that a teacher is given and its student is not; null: there is none. A conversation without the field, or with null or nothing in it, has none.</summary>
    [Description("field of the system message that the teacher is given and the student is not, before the first message; absent: none")]
    public string? Context { get; init; }

    /// <summary>The field of a tag, which says which of several teachers teach the conversation (<c>teachers[].tags</c>); null: there is none.</summary>
    [Description("field of the tag that says which of several teachers teach a conversation (teachers[].tags); absent: none")]
    public string? Tag { get; init; }

    /// <summary>The system message that a teacher is given in all conversations; null: there is none.</summary>
    internal string? ContextOfAll { get; init; }

    /// <summary>The date for templates that write one (<c>strftime_now</c>), as 2026-12-31; null: such templates are refused, since each day would give other texts.</summary>
    [Description("date for templates that write the current one, such as 2026-12-31")]
    public string? Date { get; init; }

    /// <inheritdoc/>
    /// <exception cref="DecantException">There is no template; a line is no conversation, its roles are out of order, or nothing in it is the assistant's: the file, the line and what was expected.</exception>
    public override Dataset Open(CancellationToken cancellationToken = default)
    {
        if (Classes is not null) throw new DecantException($"{File}: 'classes' is for labels that are classes, and conversations have none; leave it out.");
        return RowFile.Open(this, new ChatFormat(this), cancellationToken);
    }
}
