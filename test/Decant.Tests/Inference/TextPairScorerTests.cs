using System.Text.Json.Nodes;
using Decant.Inference;
using Type = Decant.Export.Onnx.Format.TensorProto.Types.DataType;

namespace Decant.Tests.Inference;

public sealed class TextPairScorerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The number of tokens of the second text, times 10, and of all: what types and mask say.
    private string Regression()
    {
        var config = ModelFolders.Config(ModelFolders.WordPieces.VocabularySize, "second", "all");
        config["architectures"] = new JsonArray("BertForSequenceClassification");
        config["problem_type"] = "regression";
        config["decant_reads_pairs"] = true;
        var graph = ModelFolders.Text("regression").Input("token_type_ids", Type.Int64, "batch", "tokens")
            .Node("Mul", "token_type_ids attention_mask -> seen").Numbers("tokens", 1).Weights("ten", [10f])
            .Node("ReduceSum", "seen tokens -> second", ("keepdims", 1)).Node("ReduceSum", "attention_mask tokens -> all", ("keepdims", 1))
            .Node("Cast", "second -> secondf", ("to", 1)).Node("Cast", "all -> allf", ("to", 1)).Node("Mul", "secondf ten -> tens").Node("Concat", "tens allf -> logits", ("axis", 1))
            .Output("logits", "batch", 2);
        return ModelFolders.Write(_folder, config, graph, ModelFolders.WordPieces);
    }

    [Fact]
    public void A_regression_gives_the_numbers_of_both_texts()
    {
        using var scorer = TextPairScorer.Load(Regression());
        Assert.Equal(["second", "all"], scorer.Names);
        (string, string?)[] pairs = [("a good film", "bad"), ("dogs", "a film that moves and delights"), ("cats and dogs and cats", "a dog")];
        var scores = scorer.Score(pairs);
        foreach (var ((first, second), score) in pairs.Zip(scores))
        {
            var (a, b) = (ModelFolders.WordPieces.Encode(first).Length, ModelFolders.WordPieces.Encode(second!).Length);
            Assert.Equal([10f * (b + 1), a + b + 3], score.Values);
            Assert.Equal(10f * (b + 1), score.Score);
            Assert.Null(score.Label);
            Assert.Equal(score.Values, scorer.Score(first, second).Values);
        }
    }

    [Fact]
    public void Documents_are_put_in_order_for_a_query()
    {
        using var scorer = TextPairScorer.Load(Regression());
        string[] documents = ["bad", "a film that moves and delights", "a dog"];
        var ranked = scorer.Rank("a good film", documents);
        Assert.Equal([1, 2, 0], ranked.Select(r => r.Index));
        Assert.All(ranked, r => Assert.Equal(scorer.Score("a good film", documents[r.Index]).Score, r.Score));
        using var classifier = TextPairScorer.Load(ModelFolders.Classifier(_folder));
        Assert.Throws<InvalidOperationException>(() => classifier.Rank("a", documents));
    }

    [Fact]
    public void A_model_of_pairs_refuses_a_single_text()
    {
        using var scorer = TextPairScorer.Load(Regression());
        Assert.Contains("pair", Assert.Throws<DecantException>(() => scorer.Score("alone", null)).Message);
    }

    [Fact]
    public void A_classification_gives_the_probability_of_the_class()
    {
        using var scorer = TextPairScorer.Load(ModelFolders.Classifier(_folder));
        using var classifier = TextClassifier.Load(_folder.Path);
        var (score, expected) = (scorer.Score("a good film", "bad"), classifier.Classify("a good film", "bad"));
        Assert.Equal((expected.Label, expected.Probability), (score.Label, score.Score));
        Assert.Equal(expected.Probabilities, score.Values);
        Assert.NotEqual(expected.Probabilities, classifier.Classify("a good film").Probabilities);
    }
}
