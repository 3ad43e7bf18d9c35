using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Decant.Inference;
using Decant.Serving;
using Decant.Serving.Limits;
using Decant.Tests.Inference;

namespace Decant.Tests.Serving;

/// <summary>Exported models with known answers, and servers of them on free ports.</summary>
public sealed class ServedFolders : IDisposable
{
    public const string Token = "a-token-of-the-tests-0123456789";

    private readonly TemporaryFolder _language = new(), _chats = new(), _endless = new(), _vectors = new(), _classes = new(), _scores = new();

    public ServedFolders()
    {
        TextGeneratorTests.Write(_language, TextGeneratorTests.Kind.KeysAndValues);
        TextGeneratorTests.Write(_chats, TextGeneratorTests.Kind.KeysAndValues);
        _chats.Write("chat_template.jinja", ChatClientTests.Template);
        TextGeneratorTests.Write(_endless, TextGeneratorTests.Kind.Recurrent);
        ModelFolders.Classifier(_classes);
        var vocabulary = ModelFolders.WordPieces.VocabularySize;
        var vectors = new JsonObject { ["model_type"] = "bert", ["architectures"] = new JsonArray("BertModel"), ["vocab_size"] = vocabulary };
        ModelFolders.Write(_vectors, vectors, ModelFolders.MeanClassifier(vocabulary, 5, "embedding", "sentence_embedding"), ModelFolders.WordPieces, maxTokens: 64);
        var scores = ModelFolders.Config(vocabulary, "relevance");
        scores["architectures"] = new JsonArray("BertForSequenceClassification");
        scores["problem_type"] = "regression";
        ModelFolders.Write(_scores, scores, ModelFolders.MeanClassifier(vocabulary, 1, "regression"), ModelFolders.WordPieces);
    }

    public IReadOnlyDictionary<string, string> Models => new Dictionary<string, string>
    {
        ["stories"] = _language.Path,
        ["chats"] = _chats.Path,
        ["endless"] = _endless.Path,
        ["vectors"] = _vectors.Path,
        ["reviews"] = _classes.Path,
        ["ranks"] = _scores.Path,
    };

    public string Language => _language.Path;

    public string Vectors => _vectors.Path;

    public string Classes => _classes.Path;

    /// <summary>What the language model goes on with, greedily.</summary>
    public string Continuation(string prompt, int tokens)
    {
        using var generator = TextGenerator.Load(_language.Path);
        return generator.Generate(prompt, new() { MaxNewTokens = tokens }).Text;
    }

    internal Task<DecantServer> StartAsync(ServingLimits? limits = null, string? token = null) =>
        DecantServer.StartAsync(new() { Models = Models, Limits = limits ?? new(), Token = token }, "http://127.0.0.1:0", cancellationToken: TestContext.Current.CancellationToken);

    internal static HttpClient Client(DecantServer server, string? token = null)
    {
        var client = new HttpClient { BaseAddress = new(server.Address), Timeout = TimeSpan.FromSeconds(60) };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    internal static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    internal static async Task<(int Status, JsonNode Answer)> PostAsync(HttpClient client, string path, string body)
    {
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), Json(body), TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
    }

    public void Dispose()
    {
        foreach (var folder in (TemporaryFolder[])[_language, _chats, _endless, _vectors, _classes, _scores])
            folder.Dispose();
    }
}
