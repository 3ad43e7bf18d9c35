using System.Text.Json.Nodes;
using Decant.Inference;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Decant.Tests.Inference;

public sealed class InferenceServicesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_classifier_is_one_for_the_application_and_is_released_with_it()
    {
        var provider = new ServiceCollection().AddTextClassifier(ModelFolders.Classifier(_folder)).AddTextPairScorer(_folder.Path).BuildServiceProvider();
        var classifier = provider.GetRequiredService<TextClassifier>();
        Assert.Same(classifier, provider.GetRequiredService<TextClassifier>());
        Assert.Equal(classifier.Classify("bad").Label, provider.GetRequiredService<TextPairScorer>().Score("bad", null).Label);
        provider.Dispose();
        Assert.Throws<ObjectDisposedException>(() => classifier.Classify("bad"));
    }

    [Fact]
    public void An_embedder_is_found_as_an_embedding_generator()
    {
        var vocabulary = ModelFolders.WordPieces.VocabularySize;
        var config = new JsonObject { ["model_type"] = "bert", ["architectures"] = new JsonArray("BertModel"), ["vocab_size"] = vocabulary };
        ModelFolders.Write(_folder, config, ModelFolders.MeanClassifier(vocabulary, 5, "embedding", "sentence_embedding"), ModelFolders.WordPieces);
        using var provider = new ServiceCollection().AddSentenceEmbedder(_folder.Path).BuildServiceProvider();
        Assert.Same(provider.GetRequiredService<SentenceEmbedder>(), provider.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>());
    }

    [Fact]
    public void A_missing_folder_is_refused_when_the_model_is_asked_for()
    {
        using var provider = new ServiceCollection().AddTokenTagger("/nowhere").AddTextGenerator("/nowhere").AddImageClassifier("/nowhere").BuildServiceProvider();
        Assert.Throws<DecantException>(provider.GetRequiredService<TokenTagger>);
        Assert.Throws<DecantException>(provider.GetRequiredService<TextGenerator>);
        Assert.Throws<DecantException>(provider.GetRequiredService<ImageClassifier>);
    }
}
