using System.Text.Json.Nodes;
using Decant.Inference;
using Microsoft.Extensions.AI;

namespace Decant.Tests.Inference;

public sealed class SentenceEmbedderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static int Vocabulary => ModelFolders.WordPieces.VocabularySize;

    private string Write(OnnxGraph graph, string? modules = null, string pooling = """{"pooling_mode_mean_tokens": true}""")
    {
        if (modules is not null)
        {
            _folder.Write("modules.json", modules);
            Directory.CreateDirectory(Path.Combine(_folder.Path, "1_Pooling"));
            _folder.Write(Path.Combine("1_Pooling", "config.json"), pooling);
        }

        return ModelFolders.Write(_folder, new JsonObject { ["model_type"] = "bert", ["architectures"] = new JsonArray("BertModel"), ["vocab_size"] = Vocabulary }, graph, ModelFolders.WordPieces);
    }

    private static string Modules(bool normalizes) =>
        $$"""[{"type": "sentence_transformers.models.Transformer", "path": ""}, {"type": "sentence_transformers.models.Pooling", "path": "1_Pooling"}{{(normalizes ? """, {"type": "x.Normalize", "path": "2_Normalize"}""" : "")}}]""";

    private static double[][] States(string text)
    {
        var table = ModelFolders.Embedding(Vocabulary, 4, 3);
        return [.. ModelFolders.WordPieces.EncodeForModel(text, null, 512).Ids.Select(id => table.Skip(id * 4).Take(4).Select(x => (double)x).ToArray())];
    }

    [Fact]
    public void The_vector_of_the_file_is_the_answer()
    {
        using var embedder = SentenceEmbedder.Load(Write(ModelFolders.MeanClassifier(Vocabulary, 5, "embedding", "sentence_embedding")));
        Assert.Equal(5, embedder.Dimensions);
        var ids = ModelFolders.WordPieces.EncodeForModel("a good film", null, 512).Ids;
        var answer = embedder.Embed("a good film");
        Assert.Equal(ids.Length, answer.Tokens);
        foreach (var (expected, came) in ModelFolders.MeanLogits(ids, Vocabulary, 5).Zip(answer.Vector.ToArray()))
            Assert.Equal(expected, came, 1e-6);
    }

    [Theory]
    [InlineData("""{"pooling_mode_mean_tokens": true}""", false)]
    [InlineData("""{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}""", false)]
    [InlineData("""{"pooling_mode": "mean"}""", true)]
    public void States_are_pooled_as_the_folder_says(string pooling, bool normalizes)
    {
        using var embedder = SentenceEmbedder.Load(Write(ModelFolders.TokenTable(Vocabulary, 4, "last_hidden_state"), Modules(normalizes), pooling));
        string[] texts = ["a good film", "dogs", "the plot is good, the acting is bad"];
        foreach (var (text, answer) in texts.Zip(embedder.Embed(texts)))
        {
            var states = States(text);
            var expected = pooling.Contains("cls") ? states[0] : [.. Enumerable.Range(0, 4).Select(h => states.Average(s => s[h]))];
            var length = normalizes ? Math.Sqrt(expected.Sum(x => x * x)) : 1;
            foreach (var (number, came) in expected.Zip(answer.Vector.ToArray()))
                Assert.Equal(number / length, came, 1e-6);
        }
    }

    [Fact]
    public void A_pooling_that_is_not_served_is_refused()
    {
        var graph = ModelFolders.TokenTable(Vocabulary, 4, "last_hidden_state");
        Assert.Contains("mean_sqrt_len_tokens", Assert.Throws<DecantException>(() => SentenceEmbedder.Load(Write(graph, Modules(false), """{"pooling_mode_mean_sqrt_len_tokens": true}"""))).Message);
    }

    [Fact]
    public async Task It_is_an_embedding_generator()
    {
        using var embedder = SentenceEmbedder.Load(Write(ModelFolders.MeanClassifier(Vocabulary, 5, "embedding", "sentence_embedding")));
        IEmbeddingGenerator<string, Embedding<float>> generator = embedder;
        var made = await generator.GenerateAsync(["a good film", "dogs"], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(2, made.Count);
        Assert.Equal(embedder.Embed("dogs").Vector.ToArray(), made[1].Vector.ToArray());
        Assert.Equal(embedder.Embed("a good film").Tokens + embedder.Embed("dogs").Tokens, made.Usage!.InputTokenCount);
        Assert.Equal(5, generator.GetService<EmbeddingGeneratorMetadata>()!.DefaultModelDimensions);
        Assert.Same(embedder, generator.GetService<SentenceEmbedder>());
        await Assert.ThrowsAsync<DecantException>(() => generator.GenerateAsync(["x"], new() { Dimensions = 3 }, TestContext.Current.CancellationToken));
    }
}
