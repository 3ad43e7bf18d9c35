using System.Text.Json.Nodes;
using Decant.Text.Chat;

namespace Decant.Tests.Text.Chat;

/// <summary>Chat templates of folders, messages, and the parts that the assistant says.</summary>
public sealed class ChatTemplateTests : IDisposable
{
    private const string ChatMl = "{% for m in messages %}<{{ m.role }}>{{ m.content }}</>{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_says_its_template_in_either_file_the_one_of_its_own_first()
    {
        Write("tokenizer_config.json", """{"chat_template": "a{{ bos_token }}", "bos_token": {"content": "<s>"}, "eos_token": null}""");
        Assert.Equal("a<s>", ChatTemplate.Load(_folder.Path).Render([new("user", "x")]));
        Write("chat_template.jinja", "b{{ bos_token }}{{ eos_token }}");
        Write("special_tokens_map.json", """{"bos_token": "<other>", "eos_token": "</s>"}""");
        Assert.Equal("b<s></s>", ChatTemplate.Load(_folder.Path).Render([new("user", "x")]));
    }

    [Fact]
    public void Several_templates_have_names()
    {
        Write("tokenizer_config.json", """{"chat_template": [{"name": "default", "template": "a"}, {"name": "tool_use", "template": "t"}]}""");
        Assert.Equal("a", ChatTemplate.Load(_folder.Path).Render([]));
        Assert.Equal("t", ChatTemplate.Load(_folder.Path, "tool_use").Render([]));
        Refused("has no chat template 'rag': expected additional_chat_templates/rag.jinja", () => ChatTemplate.Load(_folder.Path, "rag"));
    }

    [Fact]
    public void A_folder_without_a_template_says_what_to_do() => Refused("has no chat template: expected chat_template.jinja, or chat_template in tokenizer_config.json. Put the model's own there", () => ChatTemplate.Load(_folder.Path));

    [Theory]
    [InlineData("tokenizer_config.json", "{\"chat_template\": 3}", "expected a text, or a list of objects with 'name' and 'template'")]
    [InlineData("tokenizer_config.json", "{\"chat_template\": ", "is no valid JSON")]
    [InlineData("tokenizer_config.json", "[]", "expected a JSON object")]
    [InlineData("chat_template.jinja", "{% if %}", "Chat template, line 1, column 7: expected a value")]
    public void A_damaged_file_is_named(string name, string content, string message)
    {
        Write(name, content);
        var fault = Refused(message, () => ChatTemplate.Load(_folder.Path));
        Assert.StartsWith(_folder.Path, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_words_of_a_template_that_refuses_are_passed_on()
    {
        var template = ChatGolden.Template("mistral1.jinja");
        Refused("the template refuses the messages: user/assistant/user/assistant/… is expected", () => template.Render([new("user", "a"), new("user", "b")]));
    }

    [Fact]
    public void Keys_of_a_message_reach_the_template_and_come_back()
    {
        var message = JsonNode.Parse("""{"role": "assistant", "content": null, "name": "n", "tool_calls": [{"function": {"name": "f", "arguments": "{\"a\": 1}"}}], "tool_call_id": "id", "reasoning_content": "r", "x": [1]}""")!.AsObject();
        var turn = ChatTurn.FromJson(message);
        Assert.True(JsonNode.DeepEquals(message, turn.ToJson()), turn.ToJson().ToJsonString());
        Assert.Equal("r[1]None", ChatTemplate.Parse("{{ messages[0].reasoning_content }}{{ messages[0].x }}{{ messages[0].content }}").Render([turn]));
        Assert.Equal("False", ChatTemplate.Parse("{{ 'content' in messages[0] }}").Render([new("assistant", null)]));
        Assert.Equal("{\"a\": 1}", ChatTemplate.Parse("{{ messages[0].tool_calls[0].function.arguments | tojson }}").Render([turn.WithReadArguments()]));
        Assert.Equal("\"{\\\"a\\\": 1}\"", ChatTemplate.Parse("{{ messages[0].tool_calls[0].function.arguments | tojson }}").Render([turn]));
    }

    [Theory]
    [InlineData("{\"content\": \"a\"}", "has no 'role'")]
    [InlineData("{\"role\": 3}", "role: expected a text")]
    [InlineData("{\"role\": \"assistant\", \"tool_calls\": {}}", "tool_calls: expected a list of calls")]
    public void A_message_of_another_form_is_refused(string json, string message) => Refused(message, () => ChatTurn.FromJson(JsonNode.Parse(json)!.AsObject()));

    [Fact]
    public void Variables_reach_the_template()
    {
        var template = ChatGolden.Template("qwen3.jinja");
        Assert.EndsWith("<|im_start|>assistant\n<think>\n\n</think>\n\n", template.Render([new("user", "a")], addGenerationPrompt: true, variables: new() { ["enable_thinking"] = false }), StringComparison.Ordinal);
    }

    [Fact]
    public void The_clock_can_be_another() => Assert.Equal("01 Jan 1970", ChatTemplate.Parse("{{ strftime_now('%d %b %Y') }}", null, new Stopped()).Render([]));

    [Fact]
    public void The_assistants_parts_are_found_by_prefixes()
    {
        var text = ChatTemplate.Parse(ChatMl).RenderWithSpans([new("user", "a"), new("assistant", "bc"), new("user", "d"), new("assistant", "e")]);
        Assert.Equal("<user>a</><assistant>bc</><user>d</><assistant>e</>", text.Text);
        Assert.Equal([(1, 21, 26), (3, 47, 51)], text.Spans);
        Assert.Equal(["bc</>", "e</>"], text.Spans.Select(s => text.Text[s.Start..s.End]));
    }

    [Fact]
    public void A_template_without_a_generation_prompt_gives_the_head_to_the_assistant()
    {
        var text = ChatTemplate.Parse("{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}").RenderWithSpans([new("user", "a"), new("assistant", "b")]);
        Assert.Equal("<assistant>b", text.Text[text.Spans[0].Start..text.Spans[0].End]);
    }

    [Fact]
    public void Marks_of_the_template_come_before_prefixes()
    {
        var text = ChatGolden.Template("marked.jinja").RenderWithSpans([new("user", "a"), new("assistant", "b"), new("user", "c"), new("assistant", "d")]);
        Assert.Equal(["b</s>", "d</s>"], text.Spans.Select(s => text.Text[s.Start..s.End].TrimStart('\n')));
        Assert.Equal([1, 3], text.Spans.Select(s => s.Turn));
    }

    [Fact]
    public void A_template_that_writes_earlier_turns_in_another_way_is_refused_but_for_the_last()
    {
        ChatTurn[] messages = [new("user", "a"), new("assistant", "<think>t</think>b"), new("user", "c"), new("assistant", "d")];
        var template = ChatGolden.Template("qwen3.jinja");
        Refused("writes the messages up to 2 in another way once others follow", () => template.RenderWithSpans(messages));
        var text = template.RenderWithLastSpan(messages);
        Assert.Equal([3], text.Spans.Select(s => s.Turn));
        Assert.Equal("<think>\n\n</think>\n\nd<|im_end|>\n", text.Text[text.Spans[0].Start..text.Spans[0].End]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData(null)]
    public void An_empty_turn_of_the_assistant_is_refused(string? content) =>
        Refused("Message 2 of the assistant is empty", () => ChatTemplate.Parse(ChatMl).RenderWithSpans([new("user", "a"), new("assistant", content)]));

    [Fact]
    public void Marks_that_are_not_one_a_turn_are_refused()
    {
        ChatTurn[] messages = [new("user", "a"), new("assistant", "b")];
        Refused("marks 2 parts with {% generation %}, and the conversation has 1 messages", () => ChatTemplate.Parse("{% generation %}x{% endgeneration %}{% generation %}y{% endgeneration %}").RenderWithSpans(messages));
        Refused("within a macro or a value", () => ChatTemplate.Parse("{% set a %}{% generation %}x{% endgeneration %}{% endset %}{{ a }}").RenderWithSpans(messages));
        Refused("writes nothing of message 2", () => ChatTemplate.Parse("{{ messages[0].content }}").RenderWithSpans(messages));
    }

    [Fact]
    public void Parts_cover_what_the_assistant_says_in_every_style()
    {
        ChatTurn[] messages = [new("user", "eins"), new("assistant", "ZWEI"), new("user", "drei"), new("assistant", "VIER")];
        foreach (var name in ChatGolden.Names.Where(n => n is not ("smol.jinja" or "qwen3.jinja" or "phi3.jinja" or "phi4.jinja" or "mistral3.jinja")))
        {
            var text = ChatGolden.Template(name).RenderWithSpans(messages);
            var said = text.Spans.Select(s => text.Text[s.Start..s.End]).ToArray();
            Assert.True(said is [var first, var second] && first.Contains("ZWEI", StringComparison.Ordinal) && second.Contains("VIER", StringComparison.Ordinal) && !said.Any(s => s.Contains("drei", StringComparison.Ordinal)), name);
        }
    }

    private static DecantException Refused(string message, Func<object> act)
    {
        var fault = Assert.Throws<DecantException>(act);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        return fault;
    }

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder.Path, name), content);

    private sealed class Stopped : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}
