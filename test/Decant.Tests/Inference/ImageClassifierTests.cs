using System.Text.Json.Nodes;
using Decant.Inference;
using Type = Decant.Export.Onnx.Format.TensorProto.Types.DataType;

namespace Decant.Tests.Inference;

public sealed class ImageClassifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Write(int classes = 3, int[]? shape = null)
    {
        var config = new JsonObject { ["model_type"] = "cnn", ["architectures"] = new JsonArray("Cnn"), ["id2label"] = new JsonObject { ["0"] = "cat", ["1"] = "dog", ["2"] = "bird" } };
        if (shape is not null)
            config["input_shape"] = new JsonArray([.. shape.Select(s => (JsonNode)s)]);
        return ModelFolders.Write(_folder, config, Linear(classes), null);
    }

    private static OnnxGraph Linear(int classes) => new OnnxGraph("classification").Input("pixel_values", Type.Float, "batch", 1, 2, 2)
        .Weights("head", ModelFolders.Embedding(4, classes, 5), 4, classes).Node("Flatten", "pixel_values -> flat").Node("MatMul", "flat head -> logits").Output("logits", "batch", classes);

    [Fact]
    public void The_probabilities_are_those_computed_by_hand()
    {
        using var classifier = ImageClassifier.Load(Write(shape: [1, 2, 2]), new() { BatchSize = 2 });
        Assert.Equal([1, 2, 2], classifier.InputShape);
        float[][] images = [[1, 0, 0, 0], [0.5f, -1, 2, 0], [0, 0, 0, 3]];
        var answers = classifier.Classify([.. images.Select(i => new ReadOnlyMemory<float>(i))]);
        var head = ModelFolders.Embedding(4, 3, 5);
        foreach (var (image, answer) in images.Zip(answers))
        {
            var weights = Enumerable.Range(0, 3).Select(c => Math.Exp(image.Select((x, i) => (double)x * head[(i * 3) + c]).Sum())).ToArray();
            for (var c = 0; c < 3; c++)
                Assert.Equal(weights[c] / weights.Sum(), answer.Probabilities[c], 1e-6);
            Assert.Equal(answer.Label, classifier.Classify(image).Label);
        }
    }

    [Fact]
    public void Images_of_another_size_are_refused()
    {
        using var classifier = ImageClassifier.Load(Write());
        Assert.Contains("4 numbers", Assert.Throws<DecantException>(() => classifier.Classify(new float[5])).Message);
        Assert.Throws<DecantException>(() => classifier.Classify(new float[9], [1, 3, 3]));
        Assert.Throws<DecantException>(() => classifier.Classify(new float[] { float.NaN, 0, 0, 0 }));
    }

    [Fact]
    public void Settings_of_another_model_are_refused()
    {
        Assert.Contains("3 classes", Assert.Throws<DecantException>(() => ImageClassifier.Load(Write(classes: 4))).Message);
        Assert.Contains("[1, 3, 3]", Assert.Throws<DecantException>(() => ImageClassifier.Load(Write(shape: [1, 3, 3]))).Message);
    }
}
