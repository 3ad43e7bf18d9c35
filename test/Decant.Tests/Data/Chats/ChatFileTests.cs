using Decant.Data;
using Decant.Data.Chats;

namespace Decant.Tests.Data.Chats;

/// <summary>Files of conversations: what is learned of them, and what is refused with its line.</summary>
public sealed class ChatFileTests : IDisposable
{
    private const string Template = """
        {%- for tool in tools or [] -%}({{ tool.function.name }}){%- endfor -%}
        {%- for m in messages -%}
            <{{ m.role }}>{{ m.content }}
            {%- for call in m.tool_calls or [] -%}[{{ call.function.name }} {{ call.function.arguments | tojson }}]{%- endfor -%}
            </>
        {%- endfor -%}
        {%- if add_generation_prompt -%}<assistant>{%- endif -%}
        """;

    private readonly TemporaryFolder _folder = new();

    public ChatFileTests() => _folder.Write("chat_template.jinja", Template);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_the_assistant_says_is_learned_up_to_the_end_of_its_message()
    {
        var chat = Single("""{"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "a"}, {"role": "assistant", "content": "bc"}, {"role": "user", "content": "d"}, {"role": "assistant", "content": "e"}]}""");
        Assert.Equal("<system>s</><user>a</><assistant>bc</><user>d</><assistant>e</>", chat.Text);
        Assert.Equal(["bc</>", "e</>"], Learned(chat));
    }

    [Fact]
    public void The_last_message_alone_is_learned_where_that_is_asked_for()
    {
        var chat = Single("""{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}, {"role": "assistant", "content": "d"}]}""", o => o with { LastTurnOnly = true });
        Assert.Equal(["d</>"], Learned(chat));
    }

    [Fact]
    public void Calls_of_tools_are_learned_or_given_and_results_never_are()
    {
        const string row = """
            {"tools": [{"function": {"name": "f"}}], "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "f", "arguments": "{\"x\": 1}"}}]}, {"role": "tool", "content": "3"}, {"role": "assistant", "content": "b"}]}
            """;
        var chat = Single(row.Trim());
        Assert.Equal("(f)<user>a</><assistant>[f {\"x\": 1}]</><tool>3</><assistant>b</>", chat.Text);
        Assert.Equal(["[f {\"x\": 1}]</>", "b</>"], Learned(chat));
        Assert.Equal(["b</>"], Learned(Single(row.Trim(), o => o with { LearnToolCalls = false })));
    }

    [Fact]
    public void Conversations_of_ShareGPT_are_the_same()
    {
        var chat = Single("""{"conversations": [{"from": "system", "value": "s"}, {"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]}""");
        Assert.Equal("<system>s</><user>a</><assistant>b</>", chat.Text);
        Assert.Equal(["b</>"], Learned(chat));
    }

    [Fact]
    public void A_message_of_the_weight_0_is_given()
    {
        var chat = Single("""{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "weight": 0}, {"role": "user", "content": "c"}, {"role": "assistant", "content": "d", "weight": 1}]}""");
        Assert.Equal(["d</>"], Learned(chat));
    }

    [Fact]
    public void Parts_that_are_texts_are_joined_for_a_template_that_knows_texts_alone()
    {
        const string row = """{"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "'b'"}]}, {"role": "assistant", "content": [{"type": "text", "text": "c"}]}]}""";
        var chat = Single(row);
        Assert.Equal("<user>a'b'</><assistant>c</>", chat.Text);
        Assert.Equal(["c</>"], Learned(chat));
        _folder.Write("chat_template.jinja", "{% for m in messages %}<{{ m.role }}>{% for part in m.content %}({{ part.text }}){% endfor %}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}");
        Assert.Equal("<user>(a)('b')<assistant>(c)", Single(row).Text);
    }

    [Fact]
    public void Contents_that_are_missing_beside_calls_are_empty_and_those_that_are_null_must_not_be_written()
    {
        const string head = """{"messages": [{"role": "user", "content": "None of it"}, {"role": "assistant", """;
        const string tail = """ "tool_calls": [{"function": {"name": "f", "arguments": {}}}]}, {"role": "tool", "content": "3"}, {"role": "assistant", "content": "b"}]}""";
        const string expected = "<user>None of it</><assistant>[f {}]</><tool>3</><assistant>b</>";
        Assert.Equal(expected, Single(head + tail).Text);
        Assert.Contains("chats.jsonl:1: The chat template writes 'None' for the content of message 2, which is null; write \"\" there", Fault(head + "\"content\": null," + tail), StringComparison.Ordinal);
        _folder.Write("chat_template.jinja", Template.Replace("{{ m.content }}", "{{ m.content or '' }}", StringComparison.Ordinal));
        Assert.Equal(expected, Single(head + "\"content\": null," + tail).Text);
    }

    [Fact]
    public void A_template_that_leaves_calls_out_is_refused_where_they_are_learned()
    {
        const string row = """{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "find", "arguments": {}}}]}, {"role": "tool", "content": "3"}, {"role": "assistant", "content": "b"}]}""";
        _folder.Write("chat_template.jinja", "{% for m in messages %}<{{ m.role }}>{{ m.content }}</>{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}");
        Assert.Contains("chats.jsonl:1: the chat template does not write the call of 'find', which is to be learned", Fault(row), StringComparison.Ordinal);
        Assert.Equal(["b</>"], Learned(Single(row, o => o with { LearnToolCalls = false })));
    }

    [Fact]
    public void A_mark_of_order_ends_of_lines_of_Windows_and_both_forms_in_one_file_are_read()
    {
        const string row = """{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}""";
        using var data = Open(["\ufeff" + row + "\r", "\r", """{"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]}""" + "\r"]);
        Assert.Equal(["<user>a</><assistant>b</>", "<user>a</><assistant>b</>"], Enumerable.Range(0, data.Count).Select(i => ((ChatContent)data[i].Content).Text));
    }

    [Theory]
    [InlineData("""{"messages": [{"role": "assistant", "content": "a"}]}""", "message 1 is the assistant's and the first: expected the system's or the user's")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}]}""", "message 2 is the user's and comes after the user's: expected the assistant's")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "assistant", "content": "c"}]}""", "message 3 is the assistant's and comes after the assistant's")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}, {"role": "system", "content": "b"}]}""", "message 2 is the system's")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}, {"role": "tool", "content": "b"}]}""", "message 2 is the tool's")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": {}}}]}, {"role": "user", "content": "b"}]}""", "expected the tool's that was called")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": " "}]}""", "message 2 of the assistant is empty")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}]}""", "the assistant says nothing in the conversation")]
    [InlineData("""{"messages": []}""", "the assistant says nothing in the conversation")]
    [InlineData("""{"messages": [{"role": "boss", "content": "a"}]}""", "message 1 has the role 'boss'")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": ["f"]}]}""", "Chat template, line")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": [{"type": "text", "text": " "}]}]}""", "message 2 of the assistant is empty")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": []}]}""", "message 2 of the assistant is empty")]
    [InlineData("""{"messages": [{"role": "user", "content": null}, {"role": "assistant", "content": "b"}]}""", "message 1, the user's, has no content; give it a text")]
    [InlineData("""{"messages": [{"role": "user"}, {"role": "assistant", "content": "b"}]}""", "message 1, the user's, has no content")]
    [InlineData("""{"messages": [{"role": "user", "content": 3}, {"role": "assistant", "content": "b"}]}""", "message 1, the user's, has a content of another kind (Number)")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": {"text": "b"}}]}""", "message 2, the assistant's, has a content of another kind (Object)")]
    [InlineData("""{"messages": [{"role": "user", "content": [{"type": "image"}]}, {"role": "assistant", "content": "b"}]}""", "knows texts alone, and message 1 has parts that are none")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "weight": 0.5}]}""", "message 2 has the weight 0.5: expected 0, given, or 1, learned")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "weight": 0}]}""", "nothing is learned of the conversation")]
    [InlineData("""{"messages": "[]"}""", "'messages' must be a list of messages, came a text; write the list itself")]
    [InlineData("""{"conversations": {}}""", "'conversations' must be a list of messages, came another value")]
    [InlineData("""{"messages": ["a"]}""", "must hold objects with 'role' and 'content'")]
    [InlineData("""{"text": "a"}""", "the object has no list 'messages' or 'conversations'; it has 'text'")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}], "tools": 3}""", "'tools' must be a list of tools")]
    [InlineData("""{"conversations": [{"from": "narrator", "value": "a"}]}""", "'from' must be system, human, gpt or tool, came 'narrator'")]
    [InlineData("""{"conversations": [{"from": "human", "value": "a", "weight": 0}, {"from": "gpt", "value": "b"}]}""", "has 'weight' too")]
    [InlineData("[1", "is not JSON")]
    [InlineData("3", "expected a JSON object with a conversation")]
    public void What_is_no_conversation_is_refused_with_its_line(string row, string message)
    {
        const string good = """{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}""";
        var fault = Assert.Throws<DecantException>(() => Open([good, row]));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Contains("chats.jsonl:2: ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_conversation_of_calls_alone_is_refused_where_calls_are_not_learned() => Assert.Contains(
        "chats.jsonl:1: nothing is learned of the conversation",
        Assert.Throws<DecantException>(() => Open(["""{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": {}}}]}]}"""], o => o with { LearnToolCalls = false })).Message, StringComparison.Ordinal);

    [Fact]
    public void A_template_that_refuses_a_conversation_is_quoted_with_the_line()
    {
        _folder.Write("chat_template.jinja", "{{ raise_exception('no system, please') }}");
        Assert.Contains("chats.jsonl:1: Chat template, line 1, column 19: the template refuses the messages: no system, please", Assert.Throws<DecantException>(() => Open(["""{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}"""])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_with_the_date_needs_one()
    {
        _folder.Write("chat_template.jinja", "{{ strftime_now('%d.%m.%Y') }}" + Template);
        const string row = """{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}""";
        Assert.Contains("Say which one with 'date: 2026-12-31'", Assert.Throws<DecantException>(() => Open([row])).Message, StringComparison.Ordinal);
        Assert.Contains("expected a day such as 2026-12-31, came '31.12.'", Assert.Throws<DecantException>(() => Open([row], o => o with { Date = "31.12." })).Message, StringComparison.Ordinal);
        Assert.StartsWith("05.11.2025<user>", Single(row, o => o with { Date = "2025-11-05" }).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_template_may_be_a_file_and_must_be_there()
    {
        const string row = """{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}""";
        _folder.Write("tokenizer_config.json", """{"bos_token": "<s>"}""");
        _folder.Write("own.jinja", "{{ bos_token }}" + Template);
        Assert.StartsWith("<s><user>a", Single(row, o => o with { Template = Path.Combine(_folder.Path, "own.jinja") }).Text, StringComparison.Ordinal);
        Assert.Contains("expected a chat template, came nothing of this name", Assert.Throws<DecantException>(() => Open([row], o => o with { Template = Path.Combine(_folder.Path, "none.jinja") })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_file_is_read_from_the_disk_and_bytes_give_the_conversation_back()
    {
        using var data = Open(["""{"messages": [{"role": "user", "content": "ä"}, {"role": "assistant", "content": "b"}]}"""], o => o with { MaxInMemoryBytes = 0 });
        var chat = (ChatContent)data[0].Content;
        Assert.Equal(["b</>"], Learned(chat));
        using var stream = new MemoryStream();
        ContentBytes.Write(chat, stream);
        var back = Assert.IsType<ChatContent>(ContentBytes.Read(stream.ToArray()));
        Assert.Equal(chat.Text, back.Text);
        Assert.Equal(chat.Spans, back.Spans);
        Assert.NotEqual(ContentHash.Of(chat), ContentHash.Of(chat with { Spans = [(0, 1)] }));
    }

    private static IEnumerable<string> Learned(ChatContent chat) => chat.Spans.Select(span => chat.Text[span.Start..span.End]);

    private string Fault(string row) => Assert.Throws<DecantException>(() => Open([row])).Message;

    private ChatContent Single(string row, Func<ChatFileOptions, ChatFileOptions>? change = null)
    {
        using var data = Open([row], change);
        return Assert.IsType<ChatContent>(data[0].Content);
    }

    private Dataset Open(string[] rows, Func<ChatFileOptions, ChatFileOptions>? change = null)
    {
        var options = new ChatFileOptions { File = _folder.Write("chats.jsonl", string.Join('\n', rows)), Template = _folder.Path };
        return (change is null ? options : change(options)).Open(TestContext.Current.CancellationToken);
    }
}
