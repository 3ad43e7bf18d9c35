using System.Text.Json.Nodes;
using Decant.Export;
using Decant.Export.Onnx;
using Decant.Inference;
using Decant.Models;
using Decant.Models.Bert;
using Decant.Models.Cnn;
using Decant.Models.Configuration;
using Decant.Models.Gpt2;
using Decant.Models.Llama;
using Decant.Models.LstmLanguage;
using Decant.Models.LstmText;
using Decant.Models.Mlp;
using Decant.Models.Roberta;
using Decant.Models.Static;
using Decant.Models.TextCnn;
using Decant.Modules;
using Decant.Runs.Jobs.Generation;
using Decant.Runs.Jobs.Prediction;
using Decant.Text;
using Decant.Text.Files;
using Decant.Torch;

namespace Decant.Tests.Inference;

/// <summary>What Decant exports answers here as <c>decant predict</c> and <c>decant generate</c> answer with libtorch.</summary>
public sealed class ExportedModelTests : IDisposable
{
    private const int MaxTokens = 24;
    private static readonly string[] s_texts = ["a good film", "the plot is good, the acting is bad, and the dog ran home from the first minute to the last one", "bad", "Anna lives in Paris", "\u65e5\u672c cats"];
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Texts => ["textcnn", "lstm", "encoder", "roberta", "static"];

    public static TheoryData<string> Languages => ["gpt2", "llama", "lstm-lm"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Texts))]
    public void Classes(string kind)
    {
        using var model = Export(kind, ModelTask.Classification, 3, ["good", "bad", "so-so"], ModelFolders.WordPieces);
        using var classifier = TextClassifier.Load(_folder.Path);
        foreach (var (came, expected) in classifier.Classify(s_texts).Zip(Predicted(s_texts)))
        {
            var prediction = expected["prediction"]!;
            Assert.Equal((string?)prediction["label"], came.Label);
            Assert.Equal(expected["truncated"] is not null, came.IsTruncated);
            foreach (var (label, probability) in classifier.Labels.Zip(came.Probabilities))
                Assert.Equal((double)prediction["probabilities"]![label]!, probability, 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Any_number_of_labels(string kind)
    {
        using var model = Export(kind, ModelTask.MultiLabel, 3, ["good", "bad", "so-so"], ModelFolders.WordPieces);
        using (var labeler = TextLabeler.Load(_folder.Path))
            Assert.Equal([0.5, 0.5, 0.5], labeler.Thresholds);
        Threshold("0.02", "0.5", "0.98");
        using (var labeler = TextLabeler.Load(_folder.Path))
        {
            foreach (var (came, expected) in labeler.Label(s_texts).Zip(Predicted(s_texts)))
            {
                var prediction = expected["prediction"]!;
                Assert.Equal(prediction["labels"]!.AsArray().Select(l => (string)l!), came.Labels);
                Assert.Equal(expected["truncated"] is not null, came.IsTruncated);
                foreach (var (label, probability) in labeler.Labels.Zip(came.Probabilities))
                    Assert.Equal((double)prediction["probabilities"]![label]!, probability, 1e-5);
            }
        }

        Assert.Contains("TextLabeler", Assert.Throws<DecantException>(() => TextClassifier.Load(_folder.Path)).Message);
        Threshold("0.02", "0.5");
        Assert.Contains("thresholds: expected 3 numbers from 0 to 1", Assert.Throws<DecantException>(() => TextLabeler.Load(_folder.Path)).Message);

        void Threshold(params string[] numbers)
        {
            var file = Path.Combine(_folder.Path, "config.json");
            var json = JsonNode.Parse(File.ReadAllText(file))!;
            json["thresholds"] = JsonNode.Parse($"[{string.Join(',', numbers)}]");
            File.WriteAllText(file, json.ToJsonString());
        }
    }

    [Fact]
    public void Numbers_of_pairs()
    {
        using var model = Export("encoder", ModelTask.Regression, 1, ["similarity"], ModelFolders.WordPieces);
        using var scorer = TextPairScorer.Load(_folder.Path);
        var pairs = s_texts.Select((text, i) => (text, (string?)s_texts[(i + 1) % s_texts.Length])).ToArray();
        foreach (var (came, expected) in scorer.Score(pairs).Zip(Predicted([.. pairs.Select(p => $"{p.text}\t{p.Item2}")])))
        {
            Assert.Equal((double)expected["prediction"]!["similarity"]!, came.Score, 1e-5);
            Assert.Equal(expected["truncated"] is not null, came.IsTruncated);
        }
    }

    [Fact]
    public void Tags_and_entities()
    {
        using var model = Export("encoder", ModelTask.TokenClassification, 4, ["O", "B-PER", "I-PER", "B-LOC"], ModelFolders.WordPieces);
        using var tagger = TokenTagger.Load(_folder.Path);
        foreach (var (came, expected) in tagger.Tag(s_texts).Zip(Predicted(s_texts)))
        {
            var prediction = expected["prediction"]!;
            Assert.Equal(prediction["tags"]!.AsArray().Select(t => (string?)t), came.Words.Select(w => w.Tag));
            Assert.Equal(prediction["entities"]!.AsArray().Select(e => ((string?)e!["type"], (string?)e["text"])), came.Entities!.Select(e => ((string?)e.Type, (string?)e.Text)));
            Assert.Equal(expected["truncated"] is not null, came.IsTruncated);
        }
    }

    [Fact]
    public void Embeddings()
    {
        using var model = Export("encoder", ModelTask.Embedding, 16, [], ModelFolders.WordPieces);
        using var embedder = SentenceEmbedder.Load(_folder.Path);
        foreach (var (came, expected) in embedder.Embed(s_texts).Zip(Predicted(s_texts)))
        {
            foreach (var (number, own) in expected["prediction"]!["embedding"]!.AsArray().Zip(came.Vector.ToArray()))
                Assert.Equal((double)number!, own, 1e-5);
        }
    }

    [Theory]
    [InlineData("encoder")]
    [InlineData("roberta")]
    public void Masked_tokens(string kind)
    {
        using var model = Export(kind, ModelTask.MaskedLanguageModel, ModelFolders.WordPieces.VocabularySize, [], ModelFolders.WordPieces);
        using var filler = MaskFiller.Load(_folder.Path);
        Assert.Equal("[MASK]", filler.Mask);
        var text = $"a {filler.Mask} film, and the {filler.Mask} ran home";
        var masks = Predicted([text])[0]["prediction"]!["masks"]!.AsArray();
        var came = filler.Fill(text);
        Assert.Equal(2, came.Count);
        foreach (var (expected, own) in masks.Zip(came))
        {
            Assert.Equal(expected!.AsArray().Select(t => ((string?)t!["token"], (int)t["id"]!)), own.Select(t => (t.Token, t.Id)));
            Assert.All(expected.AsArray().Zip(own), pair => Assert.Equal((double)pair.First!["probability"]!, pair.Second.Probability, 1e-5));
        }

        Assert.Single(filler.Fill(text, top: 1)[1]);
        Assert.Contains("[MASK]", Assert.Throws<DecantException>(() => filler.Fill("a good film")).Message);
        Assert.Contains("masked-lm", Assert.Throws<DecantException>(() => TextClassifier.Load(_folder.Path)).Message);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Continuations(string kind)
    {
        using var model = Export(kind, ModelTask.CausalLanguageModel, ModelFolders.Bytes.VocabularySize, [], ModelFolders.Bytes);
        using var generator = Decant.Inference.TextGenerator.Load(_folder.Path);
        foreach (var prompt in new[] { "a good film", "Anna", "dogs and cats and" })
        {
            var expected = GenerateJob.Run(_folder.Path, new GenerateRequest { Prompts = [prompt], MaxNewTokens = 12 })[0];
            var came = generator.Generate(prompt, new() { MaxNewTokens = 12 });
            Assert.Equal(expected.Text, came.Text);
            Assert.Equal(expected.Tokens.Count, came.Tokens);
            Assert.True(came.Tokens > 1);
        }
    }

    [Theory]
    [InlineData("cnn", 3, 12, 12)]
    [InlineData("mlp", 3, 12, 12)]
    [InlineData("mlp", 7)]
    public void Images_and_vectors(string kind, params int[] shape)
    {
        long[] sizes = [.. shape.Select(s => (long)s)];
        using var model = Export(kind, ModelTask.Classification, 3, ["a", "b", "c"], null, sizes);
        using var classifier = ImageClassifier.Load(_folder.Path);
        Assert.Equal(sizes, classifier.InputShape);
        var length = (int)sizes.Aggregate(1L, (product, size) => product * size);
        var image = ModelFolders.Embedding(length, 1, 7);
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var expected = model.Forward(new ModelInput(Tensor.From(image, [1, .. sizes]))).Softmax(-1).ToArray<float>();
        Assert.All(expected.Zip(classifier.Classify(image).Probabilities), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    private Model Export(string kind, ModelTask task, int classes, string[] names, ITokenizer? tokenizer, long[]? shape = null)
    {
        ModelOptions options = kind switch
        {
            "static" => new StaticOptions { Dimensions = 11, Hidden = 9 },
            "textcnn" => new TextCnnOptions { Embedding = 8, Filters = 6 },
            "lstm" => new LstmOptions { Embedding = 8, Hidden = 6 },
            "encoder" => new BertOptions { Layers = 1, Hidden = 16, Heads = 2, InitializerRange = 0.5 },
            "roberta" => new RobertaOptions { Layers = 1, Hidden = 16, Heads = 2, InitializerRange = 0.5 },
            "gpt2" => new Gpt2Options { Layers = 2, Hidden = 16, Heads = 2, InitializerRange = 0.5 },
            "llama" => new LlamaOptions { Layers = 2, Hidden = 16, Heads = 2, InitializerRange = 0.5 },
            "lstm-lm" => new LstmLanguageOptions { Layers = 2, Hidden = 16, Embedding = 16 },
            "cnn" => new CnnOptions { Channels = [4, 6], Hidden = 8 },
            _ => new MlpOptions { Hidden = [8] },
        };
        var context = new ModelContext
        {
            Task = task,
            Classes = classes,
            ClassNames = names,
            VocabularySize = tokenizer?.VocabularySize,
            PadToken = tokenizer?.Special.Filler ?? 0,
            MaxTokens = tokenizer is null ? 0 : task == ModelTask.CausalLanguageModel ? 64 : MaxTokens,
            SampleShape = shape ?? [],
        };
        using var generator = new Generator(3);
        var model = ModelFamilies.All.Single(f => f.Kind == kind).Create(options, context, generator);
        model.Eval();
        ModelFolder.Save(_folder.Path, model);
        if (tokenizer is not null)
            TokenizerFile.Save(tokenizer, _folder.Path, context.MaxTokens);
        OnnxExport.Save(Path.Combine(_folder.Path, "onnx", "model.onnx"), model);
        return model;
    }

    private List<JsonNode> Predicted(string[] lines)
    {
        var answers = new List<JsonNode>();
        PredictJob.Run(_folder.Path, new PredictRequest(), PredictLine.Of(lines), line => answers.Add(JsonNode.Parse(line)!));
        return answers;
    }
}
