using System.Text.Json.Nodes;
using Decant.Inference;
using Type = Decant.Export.Onnx.Format.TensorProto.Types.DataType;

namespace Decant.Tests.Inference;

/// <summary>Limits, types and memory of models of texts.</summary>
public sealed class TextModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static int Vocabulary => ModelFolders.WordPieces.VocabularySize;

    [Theory]
    [InlineData("""{"model_type": "bert", "max_position_embeddings": 40}""", 512, 40)]
    [InlineData("""{"model_type": "bert", "max_position_embeddings": 40}""", 30, 30)] // of the tokenizer
    [InlineData("""{"model_type": "roberta", "max_position_embeddings": 40, "pad_token_id": 1}""", 512, 38)]
    [InlineData("""{"model_type": "roberta", "max_position_embeddings": 40}""", 512, 38)]
    [InlineData("""{"model_type": "gpt2", "n_positions": 24}""", 512, 24)]
    [InlineData("""{"model_type": "llama", "max_position_embeddings": 40, "rope_scaling": {"rope_type": "dynamic", "factor": 2.0}}""", 512, 80)]
    [InlineData("""{"model_type": "llama", "max_position_embeddings": 40, "rope_scaling": {"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 20}}""", 512, 80)]
    [InlineData("""{"model_type": "lstm"}""", 100_000, 16_384)]
    public void Texts_are_cut_at_the_positions_and_at_what_the_tokenizer_says(string settings, int ofTokenizer, int expected)
    {
        var config = ModelFolders.Config(Vocabulary, "a", "b");
        foreach (var (key, value) in JsonNode.Parse(settings)!.AsObject())
            config[key] = value?.DeepClone();
        using var classifier = TextClassifier.Load(ModelFolders.Write(_folder, config, ModelFolders.MeanClassifier(Vocabulary, 2), ModelFolders.WordPieces, ofTokenizer));
        Assert.Equal(expected, classifier.MaxTokens);
    }

    [Fact]
    public void Answers_of_half_precision_are_read()
    {
        var graph = ModelFolders.MeanClassifier(Vocabulary, 3, output: "wide").Node("Cast", "wide -> logits", ("to", (int)Type.Float16)).Outputs(Type.Float16, "logits", "batch", 3);
        using var half = TextClassifier.Load(ModelFolders.Write(_folder, ModelFolders.Config(Vocabulary, "a", "b", "c"), graph, ModelFolders.WordPieces));
        using var other = new TemporaryFolder();
        using var single = TextClassifier.Load(ModelFolders.Write(other, ModelFolders.Config(Vocabulary, "a", "b", "c"), ModelFolders.MeanClassifier(Vocabulary, 3), ModelFolders.WordPieces));
        string[] texts = ["a good film", "bad", "cats and dogs and what a waste of time"];
        foreach (var (came, expected) in half.Classify(texts).Zip(single.Classify(texts)))
            Assert.All(came.Probabilities.Zip(expected.Probabilities), pair => Assert.Equal(pair.Second, pair.First, 1e-3));
    }

    [Fact]
    public void Classes_without_names_have_their_numbers()
    {
        var config = ModelFolders.Config(Vocabulary, "a", "b");
        config.Remove("id2label");
        using var classifier = TextClassifier.Load(ModelFolders.Write(_folder, config, ModelFolders.MeanClassifier(Vocabulary, 2), ModelFolders.WordPieces));
        Assert.Equal(["LABEL_0", "LABEL_1"], classifier.Labels);
    }

    /// <summary>The inputs and outputs of a run are laid out in the same memory again and again.</summary>
    [Fact]
    public void One_text_takes_little_memory_of_the_collector()
    {
        using var classifier = TextClassifier.Load(ModelFolders.Classifier(_folder));
        const int calls = 1_000;
        for (var i = 0; i < 100; i++)
            classifier.Classify("a very good film that moves");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < calls; i++)
            classifier.Classify("a very good film that moves");
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / calls, 1, 2_000);
    }
}
