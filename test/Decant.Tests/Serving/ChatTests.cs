using System.ClientModel;
using System.Text.Json.Nodes;
using Decant.Inference;
using Decant.Serving;
using Decant.Tests.Inference;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;

namespace Decant.Tests.Serving;

/// <summary>Chat over HTTP: the model goes on with what its chat template makes of the messages, so what it says is known.</summary>
public sealed class ChatTests(ServedFolders folders) : IClassFixture<ServedFolders>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_official_client_gets_the_continuation_of_the_rendered_prompt()
    {
        await using var server = await folders.StartAsync(token: ServedFolders.Token);
        var client = Client(server);
        var options = new ChatCompletionOptions { MaxOutputTokenCount = 9, Temperature = 0 };
        OpenAI.Chat.ChatMessage[] messages = [new SystemChatMessage("good"), new UserChatMessage("dogs"), new AssistantChatMessage("cats"), new UserChatMessage("and")];
        const string prompt = "system:good.user:dogs.assistant:cats.user:and.assistant:";
        var reply = (await client.CompleteChatAsync(messages, options, Cancellation)).Value;
        Assert.Equal((folders.Continuation(prompt, 9), ChatMessageRole.Assistant), (reply.Content[0].Text, reply.Role));
        Assert.Equal((ModelFolders.Bytes.Encode(prompt).Length, 9), (reply.Usage.InputTokenCount, reply.Usage.OutputTokenCount));
        Assert.Equal(OpenAI.Chat.ChatFinishReason.Length, reply.FinishReason);
        var (text, last) = ("", (StreamingChatCompletionUpdate?)null);
        await foreach (var update in client.CompleteChatStreamingAsync(messages, options, Cancellation))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            last = update;
        }

        Assert.Equal(reply.Content[0].Text, text);
        Assert.Equal(9, last!.Usage.OutputTokenCount);
        using var chat = client.AsIChatClient();
        Assert.Equal(text, (await chat.GetResponseAsync([new(ChatRole.System, "good"), new(ChatRole.User, "dogs"), new(ChatRole.Assistant, "cats"), new(ChatRole.User, "and")], new() { MaxOutputTokens = 9, Temperature = 0 }, Cancellation)).Text);
    }

    [Fact]
    public async Task Log_probabilities_are_those_of_completions()
    {
        await using var server = await folders.StartAsync();
        using var client = ServedFolders.Client(server);
        var (_, plain) = await ServedFolders.PostAsync(client, "/v1/completions", """{"model":"chats","prompt":"user:dogs.assistant:","max_tokens":5,"temperature":0,"logprobs":2}""");
        var (status, answer) = await ServedFolders.PostAsync(client, "/v1/chat/completions", """{"model":"chats","messages":[{"role":"user","content":[{"type":"text","text":"do"},{"type":"text","text":"gs"}]}],"max_tokens":5,"temperature":0,"logprobs":true,"top_logprobs":2}""");
        Assert.True(status == 200, answer.ToJsonString());
        var tokens = answer["choices"]![0]!["logprobs"]!["content"]!.AsArray();
        Assert.Equal(plain["choices"]![0]!["logprobs"]!["token_logprobs"]!.AsArray().Select(v => (double)v!), tokens.Select(t => (double)t!["logprob"]!));
        Assert.Equal(plain["choices"]![0]!["logprobs"]!["tokens"]!.AsArray().Select(v => (string)v!), tokens.Select(t => (string)t!["token"]!));
        Assert.All(tokens, token => Assert.Equal(2, token!["top_logprobs"]!.AsArray().Count));
        Assert.Equal("chat.completion", (string)answer["object"]!);
    }

    [Fact]
    public async Task Calls_of_tools_in_the_conversation_reach_the_template_as_objects()
    {
        await using var server = await folders.StartAsync();
        using var client = ServedFolders.Client(server);
        var (status, answer) = await ServedFolders.PostAsync(client, "/v1/chat/completions", """
            {"model":"chats","max_completion_tokens":4,"temperature":0,"messages":[{"role":"user","content":"dogs"},
             {"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{\"a\":[1]}"}}]},{"role":"tool","tool_call_id":"1","content":"3"}]}
            """);
        Assert.True(status == 200, answer.ToJsonString());
        Assert.Equal(folders.Continuation("user:dogs.assistant:f{\"a\": [1]}.tool:3.assistant:", 4), (string)answer["choices"]![0]!["message"]!["content"]!);
    }

    [Theory]
    [InlineData("""{"model":"chats"}""", "messages", "a list of messages, came none")]
    [InlineData("""{"model":"chats","messages":[]}""", "messages", "1 to 4096 objects, came 0")]
    [InlineData("""{"model":"chats","messages":["a"]}""", "messages", "a list of objects")]
    [InlineData("""{"model":"chats","messages":[{"role":"boss","content":"a"}]}""", "messages[0].role", "system, developer, user, assistant or tool")]
    [InlineData("""{"model":"chats","messages":[{"role":"user"}]}""", "messages[0].content", "a text, came none")]
    [InlineData("""{"model":"chats","messages":[{"role":"user","content":"a"},{"role":"assistant","content":null,"tool_calls":[]}]}""", "messages[1].content", "a text, came none")]
    [InlineData("""{"model":"chats","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]}""", "messages[0].content[0].type", "another kind of part")]
    [InlineData("""{"model":"chats","messages":[{"role":"user","content":"a","colour":"red"}]}""", "messages[0].colour", "There is no member")]
    [InlineData("""{"model":"chats","messages":[{"role":"user","content":"a"}],"tools":[]}""", "tools", "tools is not served here")]
    [InlineData("""{"model":"chats","messages":[{"role":"user","content":"a"}],"response_format":{"type":"json_object"}}""", "response_format", "is not served here")]
    [InlineData("""{"model":"chats","messages":[{"role":"user","content":"a"}],"presence_penalty":1}""", "presence_penalty", "is not served here")]
    [InlineData("""{"model":"chats","messages":[{"role":"user","content":"a"}],"n":2}""", "n", "a whole number from 1 to 1")]
    [InlineData("""{"model":"chats","messages":[{"role":"user","content":"a"}],"top_logprobs":2}""", "top_logprobs", "with logprobs alone")]
    [InlineData("""{"model":"chats","messages":[{"role":"user","content":"a"}],"max_tokens":2,"max_completion_tokens":2}""", "max_tokens", "without max_completion_tokens")]
    [InlineData("""{"model":"stories","messages":[{"role":"user","content":"a"}]}""", "messages", "has no chat template")]
    [InlineData("""{"model":"vectors","messages":[{"role":"user","content":"a"}]}""", "model", "")]
    [InlineData("""{"model":"chats","messages":[{"role":"assistant","content":"a"}]}""", null, "the template refuses the messages: the user begins")]
    public async Task What_is_wrong_or_not_served_is_refused_by_name(string body, string? parameter, string message)
    {
        await using var server = await folders.StartAsync();
        using var client = ServedFolders.Client(server);
        var (status, answer) = await ServedFolders.PostAsync(client, "/v1/chat/completions", body);
        Assert.Equal((400, parameter), (status, (string?)answer["error"]!["param"]));
        Assert.Contains(message, (string)answer["error"]!["message"]!, StringComparison.Ordinal);
    }

    private static OpenAI.Chat.ChatClient Client(DecantServer server) => new OpenAIClient(new ApiKeyCredential(ServedFolders.Token), new OpenAIClientOptions { Endpoint = new(server.Address + "/v1") }).GetChatClient("chats");
}
