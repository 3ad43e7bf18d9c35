using Decant.Inference;
using Decant.Text.Chat;
using Microsoft.Extensions.AI;

namespace Decant.Tests.Inference;

/// <summary>A language model as a chat client: it goes on with what its template makes of the messages.</summary>
public sealed class ChatClientTests : IDisposable
{
    public const string Template = """
        {%- for m in messages -%}
            {%- if loop.first and m.role == 'assistant' -%}{{ raise_exception('the user begins') }}{%- endif -%}
            {{- m.role + ':' + (m.content or '') -}}
            {%- for call in m.tool_calls or [] -%}{{ call.function.name }}{{ call.function.arguments | tojson }}{%- endfor -%}
            {{- m.reasoning_content -}}.
        {%- endfor -%}
        {%- if add_generation_prompt -%}assistant:{%- endif -%}
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly TextGenerator _generator;

    public ChatClientTests()
    {
        _folder.Write("chat_template.jinja", Template);
        _generator = TextGenerator.Load(TextGeneratorTests.Write(_folder, TextGeneratorTests.Kind.KeysAndValues));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _generator.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_says_the_continuation_of_the_prompt_whole_and_in_pieces()
    {
        using var chat = _generator.AsChatClient();
        var options = new ChatOptions { MaxOutputTokens = 7, Instructions = "good" };
        var expected = _generator.Generate("system:good.user:dogs.assistant:", new() { MaxNewTokens = 7 }, Cancellation).Text;
        var reply = await chat.GetResponseAsync("dogs", options, Cancellation);
        Assert.Equal((expected, ChatFinishReason.Length), (reply.Text, reply.FinishReason));
        Assert.Equal((ModelFolders.Bytes.Encode("system:good.user:dogs.assistant:").Length, 7L), (reply.Usage!.InputTokenCount, reply.Usage.OutputTokenCount));
        Assert.Equal(ChatRole.Assistant, reply.Messages.Single().Role);
        var pieces = new List<ChatResponseUpdate>();
        await foreach (var piece in chat.GetStreamingResponseAsync("dogs", options, Cancellation))
            pieces.Add(piece);
        Assert.True(pieces.Count > 3);
        Assert.Equal(expected, string.Concat(pieces.Select(p => p.Text)));
        Assert.Equal(_generator, chat.GetService(typeof(TextGenerator)));
        Assert.Equal("decant", chat.GetService<ChatClientMetadata>()!.ProviderName);
    }

    [Fact]
    public async Task Options_are_obeyed()
    {
        using var chat = _generator.AsChatClient();
        var options = new ChatOptions { MaxOutputTokens = 20, Temperature = 2, TopK = 5, TopP = 0.9f, Seed = 3 };
        var expected = _generator.Generate("user:dogs.assistant:", new() { MaxNewTokens = 20, Temperature = 2, TopK = 5, TopP = 0.9f, Seed = 3 }, Cancellation).Text;
        Assert.Equal(expected, (await chat.GetResponseAsync("dogs", options, Cancellation)).Text);
        var whole = _generator.Generate("user:dogs.assistant:", new() { MaxNewTokens = 12 }, Cancellation).Text;
        var stop = whole.Substring(whole.Length / 2, 2);
        var reply = await chat.GetResponseAsync("dogs", new() { MaxOutputTokens = 12, StopSequences = [stop] }, Cancellation);
        Assert.Equal((whole[..whole.IndexOf(stop, StringComparison.Ordinal)], ChatFinishReason.Stop), (reply.Text, reply.FinishReason));
    }

    [Fact]
    public async Task Calls_results_and_reasoning_reach_the_template()
    {
        using var chat = _generator.AsChatClient(ChatTemplate.Parse(Template));
        ChatMessage[] messages =
        [
            new(ChatRole.User, "dogs"), new(ChatRole.Assistant, [new TextReasoningContent("hm"), new FunctionCallContent("1", "f", new Dictionary<string, object?> { ["a"] = 1, ["b"] = new[] { "x" } })]),
            new(ChatRole.Tool, [new FunctionResultContent("1", 3)]),
        ];
        var expected = _generator.Generate("user:dogs.assistant:f{\"a\": 1, \"b\": [\"x\"]}hm.tool:3.assistant:", new() { MaxNewTokens = 5 }, Cancellation).Text;
        Assert.Equal(expected, (await chat.GetResponseAsync(messages, new() { MaxOutputTokens = 5 }, Cancellation)).Text);
    }

    public static TheoryData<string, ChatOptions> Unobeyed => new()
    {
        { "Tools", new() { Tools = [AIFunctionFactory.Create(() => 1, "one")] } },
        { "ToolMode", new() { ToolMode = ChatToolMode.RequireAny } },
        { "ResponseFormat", new() { ResponseFormat = ChatResponseFormat.Json } },
        { "FrequencyPenalty", new() { FrequencyPenalty = 1 } },
        { "PresencePenalty", new() { PresencePenalty = 1 } },
        { "ConversationId", new() { ConversationId = "1" } },
        { "Reasoning", new() { Reasoning = new() } },
        { "ModelId", new() { ModelId = "another" } },
        { "AdditionalProperties", new() { AdditionalProperties = new() { ["enable_thinking"] = false } } },
    };

    [Theory]
    [MemberData(nameof(Unobeyed))]
    public async Task What_cannot_be_obeyed_is_refused_by_name(string name, ChatOptions options)
    {
        using var chat = _generator.AsChatClient();
        Assert.Contains($"ChatOptions.{name} cannot be obeyed", (await Assert.ThrowsAsync<NotSupportedException>(() => chat.GetResponseAsync("a", options, Cancellation))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_is_refused_and_so_are_messages_that_the_template_refuses()
    {
        using var chat = _generator.AsChatClient();
        var picture = new ChatMessage(ChatRole.User, [new DataContent(new byte[1], "image/png")]);
        Assert.Contains("DataContent", (await Assert.ThrowsAsync<NotSupportedException>(() => chat.GetResponseAsync([picture], null, Cancellation))).Message, StringComparison.Ordinal);
        Assert.Contains("the user begins", (await Assert.ThrowsAsync<DecantException>(() => chat.GetResponseAsync([new(ChatRole.Assistant, "a")], null, Cancellation))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_template_says_so()
    {
        File.Delete(Path.Combine(_folder.Path, "chat_template.jinja"));
        using var other = TextGenerator.Load(_folder.Path);
        Assert.Contains("has no chat template", Assert.Throws<DecantException>(() => other.AsChatClient()).Message, StringComparison.Ordinal);
    }
}
