using System.Text.Json.Nodes;
using Decant.Inference;
using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs;

/// <summary>Images of another size than the data's, and a teacher that is given others than the student.</summary>
public sealed class ImageSizeTests : IDisposable
{
    private const string Own = "teacher.images={ size: 12, mean: [0.4], std: [0.3] }";
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Student_and_teacher_read_images_of_the_inputs_size()
    {
        var run = _work.Distill("image.yaml", "small", "--set", "input={ kind: image, size: 5 }");
        foreach (var arm in new[] { "teacher", "student" })
            Assert.Equal("[1,5,5]", Json(run, arm, "config.json")["input_shape"]!.ToJsonString());
        Assert.True(Accuracy(run, Arms.Teacher) > 0.9, "a teacher that learned");
    }

    [Fact]
    public void A_teacher_is_given_images_of_its_own_and_is_measured_on_them_later_too()
    {
        var run = _work.Distill("image.yaml", "own", "--set", Own);
        Assert.Equal("[1,12,12]", Json(run, "teacher", "config.json")["input_shape"]!.ToJsonString());
        Assert.Equal("[1,8,8]", Json(run, "student", "config.json")["input_shape"]!.ToJsonString());
        Assert.False(File.Exists(Path.Combine(run, "student", "preprocessor_config.json")));
        Assert.True(Accuracy(run, Arms.Teacher) > 0.9, "a teacher that learned");
        Assert.Contains(Workplace.Record(run).Events.OfType<RunNote>(), n => n.Text.StartsWith("The teacher is given images of 12 × 12 pixels (mean 0.4, std 0.3), the student of their own size", StringComparison.Ordinal));

        var measured = _work.Decant("evaluate", Path.Combine(run, "teacher"), "--json");
        Assert.True(measured.Exit == 0, measured.Error);
        Assert.Equal(Accuracy(run, Arms.Teacher), (double)JsonNode.Parse(measured.Out)!["models"]![0]!["metrics"]!["accuracy"]!);

        // A recipe that loads it says nothing of images: its folder does.
        var again = _work.Distill("image.yaml", "again", "--set", $"teacher={{ load: {Path.Combine(run, "teacher")} }}");
        Assert.Equal(Accuracy(run, Arms.Teacher), Accuracy(again, Arms.Teacher));
        Assert.Equal(Workplace.Weights(run, "student").Length, Workplace.Weights(again, "student").Length);
    }

    [Fact]
    public void An_exported_student_resizes_as_it_was_trained()
    {
        var run = _work.Distill("image.yaml", "small", "--set", "input={ kind: image, size: 5, mean: [0.4], std: [0.3] }");
        var exported = _work.Decant("export", run, "--to", "onnx", "--out", _work.At("onnx"));
        Assert.True(exported.Exit == 0, exported.Error);
        var settings = Json(_work.At("onnx"), "", "preprocessor_config.json");
        Assert.Equal("True 2 5 5", $"{(bool)settings["do_resize"]!} {settings["resample"]} {settings["size"]!["height"]} {settings["size"]!["width"]}");
        using var classifier = ImageClassifier.Load(_work.At("onnx"));
        var pixels = File.ReadAllBytes(_work.At("test-images")).Skip(16).ToArray();
        var labels = File.ReadAllBytes(_work.At("test-labels")).Skip(8).ToArray();
        var right = labels.Index().Count(sample => classifier.Classify(pixels.AsMemory(sample.Index * 64, 64), [1, 8, 8]).Label == $"{sample.Item}");
        Assert.Equal(Accuracy(run, Arms.Student), right / (double)labels.Length, 1e-9);
    }

    [Theory]
    [InlineData("distill.augment={ shift: 1 }", "'distill.augment' changes the student's images, which the teacher does not see")]
    [InlineData("distill.objectives=[{ kind: soft-targets }, { kind: hint, student: 0, teacher: 0 }]", "an objective compares inner values of both")]
    [InlineData("assistants=[{ model: { kind: mlp, hidden: [8] } }]", "assistants are taught and teach with images of one form")]
    [InlineData("student={ from-teacher: { layers: 1 } }", "a student that is a part of its teacher reads images as the teacher does")]
    public void What_needs_one_form_for_both_is_refused_before_the_training(string set, string reason)
    {
        var answer = _work.Decant("check", _work.At("image.yaml"), "--set", Own, "--set", set);
        Assert.Equal(2, answer.Exit);
        Assert.Contains("The teacher is given images of 12 × 12 pixels (mean 0.4, std 0.3), the student of their own size (no mean, no std)", answer.Error.ReplaceLineEndings(" "));
        Assert.Contains(reason, answer.Error.ReplaceLineEndings(" "));
    }

    [Theory]
    [InlineData("""{"do_center_crop":true}""", "do_center_crop: true is not done")]
    [InlineData("""{"do_resize":true,"resample":3,"size":{"height":9,"width":9}}""", "resample: 3 is not done")]
    [InlineData("""{"do_resize":true,"size":{"shortest_edge":9}}""", "size: expected numbers")]
    [InlineData("""{"do_resize":true,"size":{"height":9,"width":7}}""", "squares")]
    [InlineData("""{"do_rescale":false}""", "do_rescale: false is not done")]
    [InlineData("""{"image_mean":[0.1],"image_std":[0]}""", "numbers above 0")]
    [InlineData("""{"image_mean":[0.1,0.2,0.3],"image_std":[1,1,1]}""", "'mean' has 3 values, and the images have 1 channel")]
    [InlineData("[1]", "it is no object")]
    public void A_loaded_teachers_settings_are_obeyed_or_refused_by_name(string settings, string part)
    {
        var run = _work.Distill("image.yaml", "run");
        _work.Write("run/teacher/preprocessor_config.json", settings);
        var answer = _work.Decant("distill", _work.At("image.yaml"), "--quiet", "--out", _work.At("other"), "--set", $"teacher={{ load: {Path.Combine(run, "teacher")} }}");
        Assert.Equal(2, answer.Exit);
        Assert.Contains(part, answer.Error.ReplaceLineEndings(" "));
    }

    [Fact]
    public void Several_teachers_whose_folders_say_another_size_are_refused()
    {
        var run = _work.Distill("image.yaml", "run");
        _work.Write("run/teacher/preprocessor_config.json", """{"do_normalize":false,"do_resize":true,"size":{"height":12,"width":12}}""");
        var loaded = $"{{ name: a, load: {Path.Combine(run, "teacher")} }}";
        var answer = _work.Decant("check", _work.At("image.yaml"), "--set", "teacher=null", "--set", $"teachers=[{loaded}, {loaded.Replace("name: a", "name: b", StringComparison.Ordinal)}]");
        Assert.Equal(2, answer.Exit);
        Assert.Contains("teachers[0] is given images of 12 × 12 pixels (no mean, no std), the student of their own size (no mean, no std): several teachers are given them in one form", answer.Error.ReplaceLineEndings(" "));
    }

    [Fact]
    public void The_size_of_texts_is_refused()
    {
        var answer = _work.Decant("check", _work.At("text.yaml"), "--set", "input.size=64", "--set", "teacher.images={ size: 9 }");
        Assert.Equal(2, answer.Exit);
        Assert.Contains("'size' is for images, and input.kind is text; leave it out", answer.Error.ReplaceLineEndings(" "));
    }

    [Fact]
    public void A_student_begins_as_the_channels_of_its_teacher_that_are_most_active()
    {
        string[] set = ["--set", "teacher.model={ kind: cnn, channels: [6, 8], hidden: 16 }", "--set", "student={ from-teacher: { channels: [3, 4], hidden: 8, importance: activation, calibration: 30 } }"];
        var run = _work.Distill("image.yaml", "pruned", set);
        var config = Json(run, "student", "config.json");
        Assert.Equal("[3,4] 8", $"{config["channels"]!.ToJsonString()} {config["hidden_size"]}");
        Assert.Contains(Workplace.Record(run).Events.OfType<RunNote>(), n => n.Text.Contains("kept by activation: channels 3 of 6 in conv1, 4 of 8 in conv2, 8 of 16 in fc1", StringComparison.Ordinal));
        var small = _work.Decant("compress", Path.Combine(run, "teacher"), "--set", "channels=[2, 2]", "--set", "importance=taylor", "--out", _work.At("small"));
        Assert.True(small.Exit == 0, small.Error);
        Assert.Contains("channels 2 of 6 in conv1, 2 of 8 in conv2", small.Out.ReplaceLineEndings(" "), StringComparison.Ordinal);
        foreach (var (wrong, part) in new[] { ("[0, 4]", "a whole number from 1"), ("[7, 4]", "number 1 is 7, and the teacher has 6 there"), ("[3]", "expected a number for each of the teacher's 2 convolutions") })
        {
            var refused = _work.Decant("check", _work.At("image.yaml"), "--set", set[1], "--set", $"student={{ from-teacher: {{ channels: {wrong}, importance: magnitude }} }}");
            Assert.Equal(2, refused.Exit);
            Assert.Contains(part, refused.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_loaded_teacher_that_reads_other_channels_is_refused_before_the_training()
    {
        var answer = _work.Decant("check", _work.At("image.yaml"), "--set", "teacher={ load: colours }", "--set", "teacher.images={ size: 12 }");
        Assert.Equal(2, answer.Exit);
        using (var colours = Decant.Tests.Models.Zoo.Create("resnet"))
            Decant.Export.ModelFolder.Save(_work.At("colours"), colours);
        answer = _work.Decant("check", _work.At("image.yaml"), "--set", "teacher={ load: colours, new-head: true, train: { epochs: 1, batch: 16, optimizer: { kind: adamw, learning-rate: 1e-3 } }, images: { size: 12 } }");
        Assert.Equal(2, answer.Exit);
        Assert.Contains("expects [B, 3, H, W]", answer.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    private static double Accuracy(string run, string arm) => Workplace.Record(run).Events.OfType<Evaluated>().Single(e => e.Arm == arm).Metrics["accuracy"];

    private static JsonNode Json(string run, string arm, string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(run, arm, file)))!;
}
