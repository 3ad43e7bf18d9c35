using System.Text.Json.Nodes;
using Decant.Text.Chat.Jinja;
using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat;

/// <summary>A model's chat template: makes the text that the model reads of a conversation. Safe to use from several threads.</summary>
/// <remarks>
/// The part of Jinja that chat templates use, with the settings of transformers. What is not served is refused by name, line and column. A template cannot open files or run code, and one that loops on and on ends
/// with an error.
/// </remarks>
public sealed class ChatTemplate
{
    private readonly JinjaTemplate _template;
    private readonly IReadOnlyDictionary<string, string> _specialTokens;
    private readonly TimeProvider _clock;

    private ChatTemplate(string source, IReadOnlyDictionary<string, string>? specialTokens, TimeProvider? clock) =>
        (Source, _template, _specialTokens, _clock) = (source, new(source), specialTokens ?? new Dictionary<string, string>(), clock ?? TimeProvider.System);

    /// <summary>The template itself.</summary>
    public string Source { get; }

    /// <summary>The template of a model's folder.</summary>
    /// <param name="folder">A folder with <c>chat_template.jinja</c>, or with a <c>tokenizer_config.json</c> that has <c>chat_template</c>.</param>
    /// <param name="name">Which one, of several with names, such as <c>tool_use</c>; null, the default: the main one.</param>
    /// <param name="clock">Where <c>strftime_now</c> of a template takes the date from; null, the default: the system's clock and time zone.</param>
    /// <exception cref="DecantException">There is none, or it has something that is not served.</exception>
    public static ChatTemplate Load(string folder, string? name = null, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return Find(folder, name, clock) ?? throw new DecantException(name is null
            ? $"{folder} has no chat template: expected chat_template.jinja, or chat_template in tokenizer_config.json. Put the model's own there, or give the prompt as a text."
            : $"{folder} has no chat template '{name}': expected additional_chat_templates/{name}.jinja, or one of this name in tokenizer_config.json. Correct the name.");
    }

    /// <summary>The template in a file, with the special tokens of the <c>tokenizer_config.json</c> beside it.</summary>
    /// <exception cref="DecantException">There is no such file, or it has something that is not served.</exception>
    internal static ChatTemplate LoadFile(string file, TimeProvider? clock = null) => Guarded(file, () => new ChatTemplate(
        ChatTemplateFiles.Read(file) ?? throw new DecantException("expected a chat template, came nothing of this name. Name a model's folder, or a file."), ChatTemplateFiles.Of(Path.GetDirectoryName(Path.GetFullPath(file))!).SpecialTokens, clock));

    /// <summary>A template from its text.</summary>
    /// <param name="template">The template.</param>
    /// <param name="specialTokens">The texts of <c>bos_token</c>, <c>eos_token</c>, … by these keys; null, the default: none.</param>
    /// <param name="clock">Where <c>strftime_now</c> of a template takes the date from; null, the default: the system's clock and time zone.</param>
    /// <exception cref="DecantException">It is damaged, or has something that is not served: line, column, what to do.</exception>
    public static ChatTemplate Parse(string template, IReadOnlyDictionary<string, string>? specialTokens = null, TimeProvider? clock = null) => new(template, specialTokens, clock);

    /// <summary>The text of a conversation.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="tools">The tools that may be called, as JSON Schema has them; null, the default: none.</param>
    /// <param name="addGenerationPrompt">Whether the beginning of the assistant's next message is added; default: no.</param>
    /// <param name="variables">Further names that the template knows, such as <c>enable_thinking</c>; null, the default: none.</param>
    /// <exception cref="DecantException">The template refuses the conversation, as where roles are out of order; its own message is in this one's.</exception>
    public string Render(IReadOnlyList<ChatTurn> messages, JsonArray? tools = null, bool addGenerationPrompt = false, JsonObject? variables = null) =>
        Rendered(messages, tools, addGenerationPrompt, variables).Text;

    /// <summary>The text of a conversation with the parts that the assistant says in it.</summary>
    /// <remarks>
    /// Where the template has <c>{% generation %}</c>, they are what these blocks write. Otherwise each message of the assistant is what comes behind the text of all messages before it with the generation prompt, up to
    /// the end of the text with it; a template that writes earlier messages in another way once later ones follow is refused.
    /// </remarks>
    /// <inheritdoc cref="Render" path="/param"/>
    /// <exception cref="DecantException">As for <see cref="Render"/>; a message of the assistant is empty; the parts cannot be found.</exception>
    /// <returns>The text, and the assistant's parts of it in their order: the number of the message from 0, and begin and end in UTF-16 units.</returns>
    public (string Text, IReadOnlyList<(int Turn, int Start, int End)> Spans) RenderWithSpans(IReadOnlyList<ChatTurn> messages, JsonArray? tools = null, JsonObject? variables = null)
    {
        var (text, spans) = ChatSpans.Of(messages, onlyLast: false, (some, prompts) => Rendered(some, tools, prompts, variables));
        return (text, spans);
    }

    /// <summary>The text with the last message of the assistant alone as its part: earlier ones may be written in other ways.</summary>
    internal (string Text, IReadOnlyList<(int Turn, int Start, int End)> Spans) RenderWithLastSpan(IReadOnlyList<ChatTurn> messages, JsonArray? tools = null)
    {
        var (text, spans) = ChatSpans.Of(messages, onlyLast: true, (some, prompts) => Rendered(some, tools, prompts, null));
        return (text, spans);
    }

    /// <summary>The template of a folder; null: it has none.</summary>
    internal static ChatTemplate? Find(string folder, string? name = null, TimeProvider? clock = null)
    {
        var files = ChatTemplateFiles.Of(folder);
        return (name is null ? files.Main : files.Named.GetValueOrDefault(name)) is { } template ? Guarded(folder, () => new ChatTemplate(template, files.SpecialTokens, clock)) : null;
    }

    private static ChatTemplate Guarded(string folder, Func<ChatTemplate> make)
    {
        try
        {
            return make();
        }
        catch (DecantException fault)
        {
            throw new DecantException($"{folder}: {fault.Message}", fault.ExitCode, fault);
        }
    }

    private RenderState Rendered(IEnumerable<ChatTurn> messages, JsonArray? tools, bool addGenerationPrompt, JsonObject? variables)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var names = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["messages"] = new Sequence([.. messages.Select(message => JsonValues.Of(message.ToJson()))]),
            ["tools"] = tools is null ? null : JsonValues.Of(tools),
            ["documents"] = null,
            ["add_generation_prompt"] = addGenerationPrompt,
        };
        foreach (var (name, token) in _specialTokens)
            names[name] = token;
        foreach (var (name, value) in variables ?? [])
            names[name] = JsonValues.Of(value);
        return _template.Render(names, _clock.GetLocalNow);
    }
}
