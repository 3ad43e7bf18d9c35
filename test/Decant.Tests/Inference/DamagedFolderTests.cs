using System.Text.Json.Nodes;
using Decant.Inference;
using Type = Decant.Export.Onnx.Format.TensorProto.Types.DataType;

namespace Decant.Tests.Inference;

/// <summary>What does not belong together is refused when it is loaded, with what was expected, what came, where and what to do.</summary>
public sealed class DamagedFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static int Vocabulary => ModelFolders.WordPieces.VocabularySize;

    private string Model => Path.Combine(_folder.Path, "onnx", "model.onnx");

    [Fact]
    public void A_missing_folder() => RefusedAt("/nowhere/at/all", "nothing of this name", "decant export");

    [Fact]
    public void A_folder_without_an_onnx_file()
    {
        ModelFolders.Classifier(_folder);
        File.Delete(Model);
        Refused("no ONNX file", "decant export");
    }

    [Fact]
    public void A_folder_without_settings()
    {
        ModelFolders.Classifier(_folder);
        File.Delete(Path.Combine(_folder.Path, "config.json"));
        Refused("config.json is not there");
    }

    [Fact]
    public void A_folder_without_a_tokenizer()
    {
        ModelFolders.Classifier(_folder);
        File.Delete(Path.Combine(_folder.Path, "tokenizer.json"));
        Refused("has no tokenizer");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(1000)]
    public void A_truncated_file(int length)
    {
        ModelFolders.Classifier(_folder);
        var bytes = File.ReadAllBytes(Model);
        File.WriteAllBytes(Model, bytes[..length]);
        Refused("model.onnx");
    }

    [Fact]
    public void A_file_with_changed_bytes_never_ends_the_process()
    {
        ModelFolders.Classifier(_folder);
        var bytes = File.ReadAllBytes(Model);
        var random = new Random(7);
        var refused = 0;
        for (var i = 0; i < 200; i++)
        {
            var changed = bytes.ToArray();
            for (var k = 0; k < 3; k++)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(Model, changed);
            try
            {
                using var classifier = TextClassifier.Load(_folder.Path);
                classifier.Classify("a good film");
            }
            catch (DecantException)
            {
                refused++; // weights may be changed unseen
            }
        }

        Assert.InRange(refused, 5, 200);
    }

    [Fact]
    public void Weights_that_are_no_numbers()
    {
        ModelFolders.Write(_folder, ModelFolders.Config(Vocabulary, "a", "b"), ModelFolders.Text(null).Weights("nan", [float.NaN, 1], 1, 2)
            .Node("Cast", "attention_mask -> mask", ("to", 1)).Numbers("axis", 1).Node("ReduceSum", "mask axis -> count", ("keepdims", 1)).Node("MatMul", "count nan -> logits").Output("logits", "batch", 2), ModelFolders.WordPieces);
        using var classifier = TextClassifier.Load(_folder.Path);
        Assert.Contains("not a finite number", Assert.Throws<DecantException>(() => classifier.Classify("a good film")).Message);
    }

    [Fact]
    public void Another_number_of_classes()
    {
        ModelFolders.Write(_folder, ModelFolders.Config(Vocabulary, "a", "b"), ModelFolders.MeanClassifier(Vocabulary, 3), ModelFolders.WordPieces);
        Refused("answers with 3 numbers", "names 2 classes");
    }

    [Fact]
    public void Another_task_in_the_settings()
    {
        var config = ModelFolders.Config(Vocabulary, "a", "b", "c");
        config["architectures"] = new JsonArray("BertForMaskedLM");
        ModelFolders.Write(_folder, config, ModelFolders.MeanClassifier(Vocabulary, 3), ModelFolders.WordPieces);
        Refused("came one for masked-lm");
    }

    [Fact]
    public void Another_task_in_the_file_than_in_the_settings()
    {
        var config = ModelFolders.Config(Vocabulary, "a", "b", "c");
        config["architectures"] = new JsonArray("BertForSequenceClassification");
        ModelFolders.Write(_folder, config, ModelFolders.MeanClassifier(Vocabulary, 3, task: "regression"), ModelFolders.WordPieces);
        Refused("is for regression", "is for classification");
    }

    [Fact]
    public void Other_inputs()
    {
        var graph = new OnnxGraph().Input("ids", Type.Int64, "batch", "tokens").Input("attention_mask", Type.Int64, "batch", "tokens")
            .Node("Cast", "ids -> logits", ("to", 1)).Output("logits", "batch", "tokens");
        ModelFolders.Write(_folder, ModelFolders.Config(Vocabulary, "a", "b"), graph, ModelFolders.WordPieces);
        Refused("expected the inputs input_ids, attention_mask", "came ids, attention_mask");
    }

    [Fact]
    public void An_input_of_another_type()
    {
        var graph = new OnnxGraph().Input("input_ids", Type.Float, "batch", "tokens").Input("attention_mask", Type.Int64, "batch", "tokens")
            .Node("Identity", "input_ids -> logits").Output("logits", "batch", "tokens");
        ModelFolders.Write(_folder, ModelFolders.Config(Vocabulary, "a", "b"), graph, ModelFolders.WordPieces);
        Refused("'input_ids'", "Int64", "Float");
    }

    [Fact]
    public void Other_outputs()
    {
        ModelFolders.Write(_folder, ModelFolders.Config(Vocabulary, "a", "b", "c"), ModelFolders.MeanClassifier(Vocabulary, 3, output: "scores"), ModelFolders.WordPieces);
        Refused("expected the output logits", "scores");
    }

    [Fact]
    public void Answers_for_every_token_where_a_text_has_one()
    {
        ModelFolders.Write(_folder, ModelFolders.Config(Vocabulary, "a", "b", "c"), ModelFolders.TokenTable(Vocabulary, 3), ModelFolders.WordPieces);
        Refused("[1, C]");
    }

    [Fact]
    public void A_tokenizer_bigger_than_the_embedding_of_the_settings()
    {
        ModelFolders.Write(_folder, ModelFolders.Config(50, "a", "b", "c"), ModelFolders.MeanClassifier(50, 3), ModelFolders.WordPieces);
        Refused("the model knows 50");
    }

    [Fact]
    public void A_tokenizer_bigger_than_the_embedding_of_the_file()
    {
        ModelFolders.Write(_folder, ModelFolders.Config(Vocabulary, "a", "b", "c"), ModelFolders.MeanClassifier(50, 3), ModelFolders.WordPieces);
        Refused("could not be run", "belong together");
    }

    [Fact]
    public void A_form_that_is_not_there()
    {
        ModelFolders.Classifier(_folder);
        Assert.Contains("model_q4.onnx", Assert.Throws<DecantException>(() => TextClassifier.Load(_folder.Path, new() { Form = "q4" })).Message);
    }

    [Fact]
    public void Forms_that_are_there_are_found_by_their_names()
    {
        ModelFolders.Classifier(_folder);
        File.Move(Model, Path.Combine(_folder.Path, "onnx", "model_quantized.onnx"));
        using (TextClassifier.Load(_folder.Path))
        using (TextClassifier.Load(_folder.Path, new() { Form = "quantized" }))
        {
            File.Copy(Path.Combine(_folder.Path, "onnx", "model_quantized.onnx"), Path.Combine(_folder.Path, "onnx", "model_q4.onnx"));
        }

        using var chosen = TextClassifier.Load(_folder.Path, new() { Form = "q4" });
        Assert.Equal(3, chosen.Labels.Count);
    }

    [Fact]
    public void A_limit_that_the_model_does_not_have()
    {
        ModelFolders.Classifier(_folder, maxTokens: 10);
        Assert.Contains("at most 10", Assert.Throws<DecantException>(() => TextClassifier.Load(_folder.Path, new() { MaxTokens = 11 })).Message);
        using var classifier = TextClassifier.Load(_folder.Path, new() { MaxTokens = 4 });
        Assert.True(classifier.Classify("a good film that moves").IsTruncated);
    }

    [Fact]
    public void Options_out_of_their_range()
    {
        ModelFolders.Classifier(_folder);
        Assert.Throws<DecantException>(() => TextClassifier.Load(_folder.Path, new() { Threads = 0 }));
        Assert.Throws<DecantException>(() => TextClassifier.Load(_folder.Path, new() { BatchSize = 0 }));
    }

    private void Refused(params string[] parts) => RefusedAt(_folder.Path, parts);

    private static void RefusedAt(string folder, params string[] parts)
    {
        var fault = Assert.Throws<DecantException>(() => TextClassifier.Load(folder));
        Assert.All(parts, part => Assert.Contains(part, fault.Message));
    }
}
