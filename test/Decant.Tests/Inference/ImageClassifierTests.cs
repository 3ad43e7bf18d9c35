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

    [Fact]
    public void Bytes_and_numbers_from_0_to_1_are_normalized_as_the_folder_says()
    {
        byte[] bytes = [0, 51, 102, 255];
        float[] shares = [0, 0.2f, 0.4f, 1];
        using var plain = ImageClassifier.Load(Write(shape: [1, 2, 2]));
        var expected = plain.Classify((float[])[.. shares.Select(x => (x - 0.25f) / 0.5f)]);
        _folder.Write("preprocessor_config.json", """{"do_rescale":true,"rescale_factor":0.00392156862745098,"do_normalize":true,"image_mean":[0.25],"image_std":[0.5]}""");
        using var classifier = ImageClassifier.Load(_folder.Path, new() { BatchSize = 2 });
        foreach (var came in new[] { classifier.Classify(shares), classifier.Classify(bytes), classifier.Classify((ReadOnlyMemory<byte>[])[bytes, new byte[4], bytes])[2] })
        {
            foreach (var (own, other) in expected.Probabilities.Zip(came.Probabilities))
                Assert.Equal(own, other, 1e-6);
        }

        Assert.NotEqual(plain.Classify(shares).Probabilities, classifier.Classify(shares).Probabilities);
        Assert.Contains("from 0 to 1", Assert.Throws<DecantException>(() => classifier.Classify((float[])[0, 51, 102, 255])).Message);
        Assert.Contains("from 0 to 1", Assert.Throws<DecantException>(() => classifier.Classify((float[])[0, -1, 0, 0])).Message);
        Assert.Contains("preprocessor_config.json", Assert.Throws<DecantException>(() => plain.Classify(bytes)).Message);
    }

    [Theory]
    [InlineData("""{"image_mean":[0.5,0.5,0.5],"image_std":[1,1,1]}""", "3 numbers")]
    [InlineData("""{"image_std":[0]}""", "above 0")]
    [InlineData("""{"do_rescale":"yes"}""", "true or false")]
    [InlineData("""{"image_mean":["a"]}""", "image_mean")]
    public void Settings_of_images_that_do_not_fit_are_refused(string settings, string part)
    {
        _folder.Write("preprocessor_config.json", settings);
        Assert.Contains(part, Assert.Throws<DecantException>(() => ImageClassifier.Load(Write(shape: [1, 2, 2]))).Message);
    }

    [Fact]
    public void Images_of_another_size_are_resized_to_that_of_the_settings()
    {
        const string Normalized = "\"do_normalize\":true,\"image_mean\":[0.25],\"image_std\":[0.5]";
        _folder.Write("preprocessor_config.json", $$$"""{{{{Normalized}}},"do_resize":true,"resample":2,"size":{"height":2,"width":2}}""");
        using var classifier = ImageClassifier.Load(Write(shape: [1, 2, 2]));
        byte[] large = [.. Enumerable.Range(0, 15).Select(i => (byte)(i * 17))];
        float[] shares = [.. large.Select(b => b / 255f)];
        var small = ImageResizer.Resize<float>(shares, 1, (3, 5), (2, 2));
        var expected = classifier.Classify(small);
        Assert.Equal([1, 2, 2], classifier.InputShape);
        foreach (var came in new[] { classifier.Classify(large, [1, 3, 5]), classifier.Classify(shares, [1, 3, 5]) })
            Assert.All(expected.Probabilities.Zip(came.Probabilities), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.NotEqual(expected.Probabilities, classifier.Classify(new float[4]).Probabilities);
        Assert.Contains("expected 15 numbers", Assert.Throws<DecantException>(() => classifier.Classify(new byte[14], [1, 3, 5])).Message);
        foreach (long[] shape in new long[][] { [3, 3, 5], [1, 0, 5], [1, -1, -1], [15] })
            Assert.Throws<DecantException>(() => classifier.Classify(large, shape));

        // Settings that do not ask for it leave other sizes refused, as they were.
        _folder.Write("preprocessor_config.json", $$$"""{{{{Normalized}}},"do_resize":false,"size":{"height":2,"width":2}}""");
        using var plain = ImageClassifier.Load(_folder.Path);
        Assert.Contains("[1, 3, 5]", Assert.Throws<DecantException>(() => plain.Classify(large, [1, 3, 5])).Message);
    }

    [Theory]
    [InlineData("""{"do_resize":true,"resample":3,"size":{"height":2,"width":2}}""", "resample: expected 2, bilinear")]
    [InlineData("""{"do_resize":true,"size":{"shortest_edge":2}}""", "height and width")]
    [InlineData("""{"do_resize":true,"size":{"height":0,"width":2}}""", "whole numbers of pixels from 1 on")]
    [InlineData("""{"do_resize":true}""", "height and width")]
    [InlineData("""{"do_resize":true,"size":{"height":3,"width":3}}""", "expected 2 × 2, which the model reads, came 3 × 3")]
    [InlineData("""{"do_center_crop":true}""", "never cropped")]
    public void Settings_that_ask_for_another_resizing_are_refused(string settings, string part)
    {
        _folder.Write("preprocessor_config.json", settings);
        Assert.Contains(part, Assert.Throws<DecantException>(() => ImageClassifier.Load(Write(shape: [1, 2, 2]))).Message);
    }
}
