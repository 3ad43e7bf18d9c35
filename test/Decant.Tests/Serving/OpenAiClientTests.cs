using System.ClientModel;
using Decant.Inference;
using Decant.Serving;
using Microsoft.Extensions.AI;
using OpenAI;

namespace Decant.Tests.Serving;

/// <summary>The official client of OpenAI's API, and Microsoft.Extensions.AI above it.</summary>
public sealed class OpenAiClientTests(ServedFolders folders) : IClassFixture<ServedFolders>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_client_gets_vectors_as_the_model_makes_them()
    {
        await using var server = await folders.StartAsync(token: ServedFolders.Token);
        using var embedder = SentenceEmbedder.Load(folders.Vectors);
        string[] texts = ["a very good film", "dogs and cats"];
        var vectors = (await Client(server).GetEmbeddingClient("vectors").GenerateEmbeddingsAsync(texts, cancellationToken: Cancellation)).Value;
        Assert.Equal(2, vectors.Count);
        for (var i = 0; i < 2; i++)
            Assert.Equal(embedder.Embed(texts[i]).Vector.ToArray(), vectors[i].ToFloats().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(embedder.Embed(texts[0]).Tokens + embedder.Embed(texts[1]).Tokens, vectors.Usage.TotalTokenCount);
        using var generator = Client(server).GetEmbeddingClient("vectors").AsIEmbeddingGenerator();
        Assert.Equal(vectors[0].ToFloats().ToArray(), (await generator.GenerateVectorAsync(texts[0], cancellationToken: Cancellation)).ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public async Task Numbers_and_base64_are_the_same_vector_and_what_is_not_served_is_refused()
    {
        await using var server = await folders.StartAsync();
        using var client = ServedFolders.Client(server);
        var (_, numbers) = await ServedFolders.PostAsync(client, "/v1/embeddings", """{"model":"vectors","input":"a film","dimensions":5}""");
        var (_, bytes) = await ServedFolders.PostAsync(client, "/v1/embeddings", """{"model":"vectors","input":["a film"],"encoding_format":"base64"}""");
        var read = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(Convert.FromBase64String((string)bytes["data"]![0]!["embedding"]!)).ToArray();
        Assert.Equal(numbers["data"]![0]!["embedding"]!.AsArray().Select(n => (float)n!), read);
        foreach (var (body, parameter) in new[]
        {
            ("""{"model":"vectors","input":"a","dimensions":4}""", "dimensions"), ("""{"model":"vectors","input":["a"," "]}""", "input"), ("""{"model":"vectors","input":[[1]]}""", "input"),
            ("""{"model":"vectors","input":"a","encoding_format":"int8"}""", "encoding_format"), ("""{"model":"vectors","input":"a","user":"b"}""", "user"), ("""{"model":"stories","input":"a"}""", "model"),
            ($$"""{"model":"vectors","input":"{{string.Concat(Enumerable.Repeat("dogs ", 200))}}"}""", "input"),
        })
        {
            var (status, answer) = await ServedFolders.PostAsync(client, "/v1/embeddings", body);
            Assert.Equal((400, parameter), (status, (string?)answer["error"]!["param"]));
        }
    }

    [Fact]
    public async Task The_client_lists_the_models()
    {
        await using var server = await folders.StartAsync(token: ServedFolders.Token);
        var models = Client(server).GetOpenAIModelClient();
        var names = (await models.GetModelsAsync(Cancellation)).Value.Select(m => m.Id).ToList();
        Assert.Equal(folders.Models.Keys.Order(), names.Order());
        Assert.Equal("reviews", (await models.GetModelAsync("reviews", Cancellation)).Value.Id);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => models.GetModelAsync("nobody", Cancellation))).Status);
    }

    [Fact]
    public async Task Chat_with_a_model_without_a_template_is_refused_with_the_reason()
    {
        await using var server = await folders.StartAsync(token: ServedFolders.Token);
        var fault = await Assert.ThrowsAsync<ClientResultException>(() => Client(server).GetChatClient("stories").CompleteChatAsync([new OpenAI.Chat.UserChatMessage("hello")], cancellationToken: Cancellation));
        Assert.Equal(400, fault.Status);
        Assert.Contains("has no chat template", fault.Message, StringComparison.Ordinal);
        using var chat = Client(server).GetChatClient("stories").AsIChatClient();
        Assert.Equal(400, (await Assert.ThrowsAsync<ClientResultException>(() => chat.GetResponseAsync("hello", cancellationToken: Cancellation))).Status);
    }

    [Fact]
    public async Task The_client_without_the_token_is_refused()
    {
        await using var server = await folders.StartAsync(token: ServedFolders.Token);
        var fault = await Assert.ThrowsAsync<ClientResultException>(() => Client(server, "another-token-0123456789").GetEmbeddingClient("vectors").GenerateEmbeddingAsync("a", cancellationToken: Cancellation));
        Assert.Equal(401, fault.Status);
    }

    private static OpenAIClient Client(DecantServer server, string token = ServedFolders.Token) => new(new ApiKeyCredential(token), new OpenAIClientOptions { Endpoint = new(server.Address + "/v1") });
}
