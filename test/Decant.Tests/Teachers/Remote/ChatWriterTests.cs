using Decant.Teachers.Remote.Asking;
using Decant.Teachers.Remote.Writing;
using Microsoft.Extensions.AI;

namespace Decant.Tests.Teachers.Remote;

public sealed class ChatWriterTests
{
    [Fact]
    public async Task Texts_come_without_space_around_them_and_equal_samples_once()
    {
        string[] said = [" one ", "two\n", "one", "three"];
        var written = await Ask(new() { Samples = 4 }, sample => said[sample]);
        Assert.Equal(["one", "two", "three"], written.Texts);
        Assert.Empty(written.Rationales);
        Assert.Null(written.Abstention);
    }

    [Theory]
    [InlineData("  \n", AbstentionReason.Empty)]
    [InlineData("", AbstentionReason.Empty)]
    public async Task Nothing_written_is_an_abstention(string said, AbstentionReason why) => Assert.Equal(why, (await Ask(new(), _ => said)).Abstention);

    [Fact]
    public async Task A_text_that_was_cut_off_is_not_used()
    {
        using var client = new ScriptedClient((_, _) => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "It begins")) { FinishReason = ChatFinishReason.Length }));
        var written = await One(client, new());
        Assert.Equal(AbstentionReason.CutOff, written.Abstention);
        Assert.Empty(written.Texts);
        Assert.Equal(["It begins"], written.Answers);
    }

    [Theory]
    [InlineData("""{"answer": "42", "rationale": " because "}""", "42", "because", null)]
    [InlineData("```json\n{\"answer\": \"四十二\", \"rationale\": \"因为\", \"sure\": true}\n```", "四十二", "因为", null)]
    [InlineData("""{"answer": "42"}""", null, null, AbstentionReason.OtherShape)]
    [InlineData("""{"answer": 42, "rationale": "because"}""", null, null, AbstentionReason.OtherShape)]
    [InlineData("""{"answer": "", "rationale": "because"}""", null, null, AbstentionReason.OtherShape)]
    [InlineData("""{"answer": "42", "rationale": """, null, null, AbstentionReason.BrokenJson)]
    [InlineData("It is 42.", null, null, AbstentionReason.Prose)]
    [InlineData("""["42", "because"]""", null, null, AbstentionReason.OtherShape)]
    public async Task Reasons_come_beside_the_answer_in_JSON(string said, string? answer, string? reasons, AbstentionReason? why)
    {
        var written = await Ask(new() { Rationale = new() }, _ => said);
        Assert.Equal((answer, reasons, why), (written.Texts.SingleOrDefault(), written.Rationales.SingleOrDefault(), written.Abstention));
    }

    [Fact]
    public void A_text_has_a_frame_under_an_instruction_and_is_the_question_without_one()
    {
        using var client = new ScriptedClient((_, _) => throw new InvalidOperationException());
        var alone = new ChatWriter(client, new()).Messages("Why is the sky blue?");
        Assert.Equal([(ChatRole.User, "Why is the sky blue?")], alone.Select(m => (m.Role, m.Text)));

        var framed = new ChatWriter(client, new() { Instruction = "Translate into German.", Examples = [new("cat", "Katze")], Prompt = "Text: {text}" }).Messages("</text> dog");
        Assert.Equal([ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.User], framed.Select(m => m.Role));
        Assert.StartsWith("Translate into German.", framed[0].Text, StringComparison.Ordinal);
        Assert.Contains("no instruction", framed[0].Text, StringComparison.Ordinal);
        Assert.Equal("Katze", framed[2].Text);
        Assert.Matches(@"\AText: <(text-[0-9a-f]{8})>\n</text> dog\n</\1>\z", framed[3].Text);

        var reasoned = new ChatWriter(client, new() { Rationale = new(), Examples = [new("猫", "Katze", "因为")] }).Messages("犬");
        Assert.Contains("\"rationale\"", reasoned[0].Text, StringComparison.Ordinal);
        Assert.Equal("""{"answer":"Katze","rationale":"因为"}""", reasoned[2].Text);
    }

    [Fact]
    public void Wrong_options_are_refused_by_name()
    {
        Assert.Contains("prompt: expected {text}", Refused(new() { Prompt = "Translate." }), StringComparison.Ordinal);
        Assert.Contains("an example has none", Refused(new() { Rationale = new(), Examples = [new("a", "b")] }), StringComparison.Ordinal);
        Assert.Contains("tells the two tasks apart", Refused(new() { Rationale = new() { Prompt = "{text}" } }), StringComparison.Ordinal);
        Assert.Contains("rationale.prompt: expected {text}", Refused(new() { Rationale = new() { Prompt = "Why?" } }), StringComparison.Ordinal);
        Assert.Contains("samples: expected 1 to 1,000, came 0", Refused(new() { Samples = 0 }), StringComparison.Ordinal);
        Assert.Contains("temperature", Refused(new() { Temperature = -1 }), StringComparison.Ordinal);
    }

    private static string Refused(ChatWriterOptions options)
    {
        using var client = new ScriptedClient((_, _) => throw new InvalidOperationException());
        return Assert.Throws<DecantException>(() => new ChatWriter(client, options)).Message;
    }

    private static async Task<ChatWriting> Ask(ChatWriterOptions options, Func<int, string> said)
    {
        var sample = -1;
        using var client = new ScriptedClient((_, _) => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, said(++sample)))));
        return await One(client, options);
    }

    private static async Task<ChatWriting> One(IChatClient client, ChatWriterOptions options)
    {
        await foreach (var written in new ChatWriter(client, options).WriteAsync(["the text"], cancellationToken: TestContext.Current.CancellationToken))
            return written;
        throw new InvalidOperationException("Nothing came.");
    }
}
