using System.Text.Json.Nodes;
using Decant.Export;
using Decant.Inference;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Tests.Runs.Exporting;

/// <summary>Students of small runs, exported as a user does it.</summary>
public sealed class ExportCommandTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void A_project_holds_the_int8_form_where_it_was_exported_and_else_float32()
    {
        var run = _work.Distill("text.yaml", "run");
        var first = Ok("export", run, "--to", "csharp", "--name", "Contoso.Weather", "--out", _work.At("first"));
        Assert.Contains("in float32", first.Out);
        Assert.Equal(["Contoso.Weather.csproj", "Contoso.Weather.targets", "README.md", "Weather.cs", "model"], Names(_work.At("first")));
        Assert.Equal(["model.onnx"], Names(_work.At("first", "model", "onnx")));
        Assert.False(Directory.Exists(Path.Combine(run, "student", "onnx")), "the run is left as it is");

        Ok("export", run, "--quantize", "int8");
        var second = Ok("export", run, "--to", "csharp", "--name", "Weather", "--out", _work.At("second"));
        Assert.Contains("in int8", second.Out);
        Assert.Equal(["model_quantized.onnx"], Names(_work.At("second", "model", "onnx")));
        Assert.Equal(File.ReadAllBytes(Path.Combine(run, "student", "onnx", "model_quantized.onnx")), File.ReadAllBytes(_work.At("second", "model", "onnx", "model_quantized.onnx")));
        Assert.Contains("天气", File.ReadAllText(_work.At("second", "Weather.cs")));

        var third = Ok("export", run, "--to", "csharp", "--name", "Weather", "--quantize", "int4", "float16", "--out", _work.At("third"));
        Assert.Contains("in int4", third.Out);
        foreach (var project in new[] { "first", "second", "third" })
        {
            using var classifier = TextClassifier.Load(_work.At(project, "model"));
            Assert.Equal(["cooking", "天气"], classifier.Labels.Order(StringComparer.Ordinal));
            Assert.Equal("天气", classifier.Classify("kala mita soro 雨天 rain kala").Label);
        }
    }

    [Fact]
    public void What_cannot_be_written_leaves_nothing()
    {
        var run = _work.Distill("text.yaml", "run");
        var before = Names(_work.Root);
        Refused("--name", "export", run, "--to", "csharp");
        Refused("csharp alone", "export", run, "--name", "Reviews");
        Refused("'my reviews'", "export", run, "--to", "csharp", "--name", "my reviews");
        Refused("no form 'int3'", "export", run, "--to", "csharp", "--name", "Reviews", "--quantize", "int3", "--out", _work.At("project"));
        Refused("a folder with files", "export", run, "--to", "csharp", "--name", "Reviews", "--out", run);
        Refused("a file", "export", run, "--to", "csharp", "--name", "Reviews", "--out", _work.At("text.yaml"));
        File.Delete(Path.Combine(run, "student", "model.safetensors"));
        Refused("model.safetensors", "export", run, "--to", "csharp", "--name", "Reviews", "--out", _work.At("project"));
        Assert.Equal(before, Names(_work.Root));
    }

    [Fact]
    public void An_empty_folder_is_filled()
    {
        var run = _work.Distill("text.yaml", "run");
        Directory.CreateDirectory(_work.At("empty"));
        Ok("export", run, "--to", "csharp", "--name", "Reviews", "--out", _work.At("empty"));
        Assert.Contains("Reviews.csproj", Names(_work.At("empty")));
    }

    [Fact]
    public void Images_are_classified_from_their_bytes_as_the_recipe_normalizes_them()
    {
        var run = _work.Distill(_work.Write("normalized.yaml", Workplace.Image.Replace("{ kind: image }", "{ kind: image, mean: [0.4], std: [0.3] }", StringComparison.Ordinal)), "run");
        Ok("export", run);
        var student = Path.Combine(run, "student");
        var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(student, "preprocessor_config.json")))!;
        Assert.Equal("[0.4] [0.3] 8 8 True", $"{settings["image_mean"]!.ToJsonString()} {settings["image_std"]!.ToJsonString()} {settings["size"]!["height"]} {settings["size"]!["width"]} {(bool)settings["do_rescale"]!}");
        byte[] image = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 4))];
        using var model = ModelFolder.Load(student);
        model.Eval();
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var expected = model.Forward(new ModelInput(Tensor.From((float[])[.. image.Select(b => (float)(((b / 255.0) - 0.4) / 0.3))], [1, 1, 8, 8]))).Softmax(-1).ToArray<float>();
        using var classifier = ImageClassifier.Load(student);
        Assert.All(expected.Zip(classifier.Classify(image).Probabilities), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

        Ok("export", run, "--to", "csharp", "--name", "Shapes", "--out", _work.At("project"));
        Assert.True(File.Exists(_work.At("project", "model", "preprocessor_config.json")));
        Assert.Contains("Classify(byte[] pixels)", File.ReadAllText(_work.At("project", "Shapes.cs")));
    }

    private static string[] Names(string folder) => [.. Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)!).Order(StringComparer.Ordinal)];

    private Answer Ok(params string[] args)
    {
        var answer = _work.Decant(args);
        Assert.True(answer.Exit == 0, answer.Error);
        return answer;
    }

    private void Refused(string part, params string[] args)
    {
        var answer = _work.Decant(args);
        Assert.Equal(2, answer.Exit);
        Assert.Contains(part, answer.Error);
    }
}
