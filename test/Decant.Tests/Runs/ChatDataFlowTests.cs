using System.Text.Json;
using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs;

/// <summary>A language model that learns from conversations: the assistant says the same to every question, and only that is learned.</summary>
public sealed class ChatDataFlowTests : IDisposable
{
    private const string Template = "{% for m in messages %}<{{ m.role }}>{{ m.content }}\n{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";

    private readonly Workplace _work = new();

    public ChatDataFlowTests()
    {
        Directory.CreateDirectory(_work.At("model"));
        _work.Write("model/chat_template.jinja", Template);
        Write("train.jsonl", 0, 160);
        Write("test.jsonl", 1000, 40);
        _work.Write("chat.yaml", """
            name: echo
            task: causal-lm
            seed: 3
            threads: 1
            data:
              train: { kind: chat, file: train.jsonl, template: model }
              test: { kind: chat, file: test.jsonl, template: model }
              split: { validation: 16 }
            input:
              kind: text
              tokenizer: { kind: byte-bpe, vocabulary: 300 }
              max-tokens: 40
            teacher:
              model: { kind: llama, layers: 1, hidden: 32, heads: 2 }
              train: { epochs: 4, batch: 8, optimizer: { kind: adamw, learning-rate: 1e-2 } }
            student:
              model: { kind: llama, layers: 1, hidden: 16, heads: 2 }
            distill:
              epochs: 2
              batch: 8
              optimizer: { kind: adamw, learning-rate: 1e-2 }
              objectives:
                - { kind: soft-targets, weight: 0.5 }
                - { kind: labels, weight: 0.5 }
            evaluate: { bootstrap: 100, latency-runs: 3 }
            """);
    }

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("separate")]
    public void A_model_learns_what_the_assistant_says_one_or_several_conversations_a_sequence(string? documents)
    {
        string[] set = documents is null ? [] : ["--set", $"input.documents={documents}"];
        var run = _work.Distill("chat.yaml", "run", set);
        var evaluated = Workplace.Record(run).Events.OfType<Evaluated>().ToDictionary(e => e.Arm);
        // The assistant always says the same, which costs nothing; the random letters of the questions would cost 4.7 bits each.
        Assert.True(evaluated[Arms.Teacher].Metrics["bits-per-byte"] < 1, $"{evaluated[Arms.Teacher].Metrics["bits-per-byte"]}");
        Assert.Contains(Arms.Student, evaluated.Keys);
        Assert.Equal(Template, File.ReadAllText(Path.Combine(run, "student", "chat_template.jinja")));
        var reply = _work.Decant("generate", run, "--prompt", "abcd", "--chat", "--max-tokens", "3");
        Assert.True(reply.Exit == 0, reply.Error);
        var rendered = _work.Decant("generate", run, "--prompt", "<user>abcd\n<assistant>", "--max-tokens", "3");
        Assert.Equal("<user>abcd\n<assistant>" + reply.Out, rendered.Out);
        Assert.Equal(documents is not null, Workplace.Notes(run).Contains("conversations are packed into", StringComparison.Ordinal));
    }

    [Fact]
    public void A_reply_ends_with_the_token_that_ended_messages_and_a_check_says_where_there_is_none()
    {
        Assert.Contains("No special token of the tokenizer ends the assistant's messages", Workplace.Words(_work.Decant("check", _work.At("chat.yaml")).Out), StringComparison.Ordinal);
        _work.Write("model/chat_template.jinja", Template.Replace("{{ m.content }}", "{{ m.content }}[MASK]", StringComparison.Ordinal));
        Assert.DoesNotContain("No special token", Workplace.Words(_work.Decant("check", _work.At("chat.yaml")).Out), StringComparison.Ordinal);
        var run = _work.Distill("chat.yaml", "run");
        using var settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "student", "generation_config.json")));
        using var tokenizer = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "student", "tokenizer.json")));
        var end = tokenizer.RootElement.GetProperty("added_tokens").EnumerateArray().Single(token => token.GetProperty("content").GetString() == "[MASK]").GetProperty("id").GetInt32();
        Assert.Contains(end, settings.RootElement.GetProperty("eos_token_id").EnumerateArray().Select(id => id.GetInt32()));
        var reply = _work.Decant("generate", run, "--prompt", "abcd", "--chat", "--max-tokens", "20");
        Assert.Equal("ok", reply.Out.Trim());
    }

    [Theory]
    [InlineData("input.documents=joined", "see nothing of each other")]
    [InlineData("input.end-of-text=<s>", "the chat template says what ends a message")]
    [InlineData("task=masked-lm", "conversations")]
    public void What_does_not_go_together_is_refused(string set, string expected)
    {
        var check = _work.Decant("check", _work.At("chat.yaml"), "--set", set);
        Assert.NotEqual(0, check.Exit);
        Assert.Contains(expected, Workplace.Words(check.Error), StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_says_what_is_cut_off()
    {
        var check = _work.Decant("check", _work.At("chat.yaml"), "--set", "input.max-tokens=20");
        Assert.True(check.Exit == 0, check.Error);
        Assert.Contains("are longer than 20 tokens, the first at", Workplace.Words(check.Out), StringComparison.Ordinal);
    }

    private void Write(string name, int seed, int count)
    {
        var random = new Random(seed);
        _work.Write(name, string.Join('\n', Enumerable.Range(0, count).Select(_ =>
        {
            var (first, second) = (Letters(random), Letters(random));
            return JsonSerializer.Serialize(new { messages = new[] { Said("user", first), Said("assistant", "ok"), Said("user", second), Said("assistant", "ok") } });
        })));
    }

    private static object Said(string role, string content) => new { role, content };

    private static string Letters(Random random) => string.Concat(Enumerable.Range(0, 4).Select(_ => (char)('a' + random.Next(26))));
}
