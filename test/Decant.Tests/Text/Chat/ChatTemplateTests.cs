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

    [Fact]
    public void Messages_of_an_earlier_turn_that_is_written_in_another_way_are_found_where_the_content_is_the_same()
    {
        ChatTurn[] messages = [new("user", "ok"), new("assistant", "ok"), new("user", "ok"), new("assistant", " ok\n")];
        var text = ChatGolden.Template("qwen3.jinja").RenderWithSpans(messages); // thoughts, though empty, stand in the last message alone
        Assert.Equal(["ok<|im_end|>\n", "<think>\n\n</think>\n\nok\n<|im_end|>\n"], text.Spans.Select(s => text.Text[s.Start..s.End].Replace("\n\n ok", "\n\nok", StringComparison.Ordinal)));
        Assert.All(text.Spans, s => Assert.EndsWith("<|im_start|>assistant\n", text.Text[..s.Start], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{% for m in messages %}{% if m.role == 'user' %}Q:{{ m.content }}\n{% else %}A:{{ m.content }}{{ '$' if loop.last else '\n' }}{% endif %}{% endfor %}{% if add_generation_prompt %}A:{% endif %}", "a|b$")] // ends the last message alone
    [InlineData("{% for m in messages %}{% if m.role == 'user' %}{{ 'S ' if loop.index0 >= messages | length - 2 }}Q:{{ m.content }}\n{% else %}A:{{ m.content | trim }}$\n{% endif %}{% endfor %}{% if add_generation_prompt %}A:{% endif %}", "a$\n|b$\n")] // a system's text before the last question
    [InlineData("{% for m in messages %}{% if m.role == 'user' %}Q:{{ m.content }}\n{% else %}A: {{ m.content }}{% if loop.last %}<e>{% else %};\n{% endif %}{% endif %}{% endfor %}{% if add_generation_prompt %}A:{% endif %}", " a| b<e>")] // another end
    public void What_follows_may_change_what_stands_before_or_ends_a_message(string template, string expected)
    {
        ChatTurn[] messages = [new("user", "a"), new("assistant", "a"), new("user", "b"), new("assistant", "b")];
        var text = ChatTemplate.Parse(template).RenderWithSpans(messages);
        Assert.Equal(expected, string.Join('|', text.Spans.Select(s => text.Text[s.Start..s.End])));
        Assert.All(text.Spans, s => Assert.Equal('A', text.Text[..s.Start].Last(char.IsLetter)));
    }

    [Fact]
    public void Reasoning_that_is_dropped_later_is_not_learned_as_if_there_were_none()
    {
        var template = ChatGolden.Template("qwen3.jinja");
        ChatTurn[] messages = [new("user", "a"), new("assistant", "b") { Further = new() { ["reasoning_content"] = "t" } }, new("user", "c"), new("assistant", "d")];
        Refused("writes the messages up to 2 in another way once others follow", () => template.RenderWithSpans(messages));
        var weighed = template.RenderWithSpans([messages[0], messages[1] with { Further = new() { ["weight"] = 0 } }, .. messages[2..]]);
        Assert.Equal([1, 3], weighed.Spans.Select(s => s.Turn));
    }

    [Fact]
    public void A_template_that_always_begins_another_message_is_refused()
    {
        const string always = "{% for m in messages %}<{{ m.role }}>{{ m.content }}</>{% endfor %}<assistant>";
        Refused("begins another message behind the last one, though no generation prompt is asked for", () => ChatTemplate.Parse(always).RenderWithSpans([new("user", "a"), new("assistant", "b")]));
        Refused("in another way once others follow", () => ChatTemplate.Parse(always).RenderWithSpans([new("user", "a"), new("assistant", "b"), new("user", "c"), new("assistant", "d")]));
    }

    [Fact]
    public void A_template_that_writes_nothing_of_a_text_is_refused()
    {
        const string parts = "{% for m in messages %}<{{ m.role }}>{% for part in m.content %}{{ part.text }}{% endfor %}</>{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";
        Refused("writes nothing of what message 2 says: does it know lists of parts alone?", () => ChatTemplate.Parse(parts).RenderWithSpans([new("user", "a"), new("assistant", "b")]));
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
