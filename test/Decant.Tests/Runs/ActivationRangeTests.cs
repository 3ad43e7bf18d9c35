using Decant.Compression.Quantization;
using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Tests.Runs.Resuming;

namespace Decant.Tests.Runs;

/// <summary>Students that learn for static int8, whose ranges are part of them.</summary>
public sealed class ActivationRangeTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("encoder, layers: 1, hidden: 32, heads: 2", "observed")]
    [InlineData("encoder, layers: 1, hidden: 32, heads: 2", "learned")]
    [InlineData("textcnn, embedding: 8, filters: 4", "observed")]
    [InlineData("cnn, channels: [4, 6], hidden: 16", "learned")]
    public void The_exported_student_answers_as_the_one_that_learned(string model, string ranges)
    {
        Write(model, ranges);
        var run = _work.Distill("int8.yaml", "run");
        var events = Workplace.Record(run).Events;
        var own = events.OfType<Evaluated>().Single(e => e is { Arm: "student", Split: "test" }).Metrics["accuracy"];
        var exported = events.OfType<ExportMeasured>().Single(e => e is { Arm: "student", Form: "int8" });
        Assert.Equal(own, exported.Score, 6);
        Assert.Equal((0.0, 0.0, 0.0), (exported.Loss!.Difference, exported.Loss.Low, exported.Loss.High)); // no sample is answered rightly by one alone
        Assert.Contains(events.OfType<RunNote>(), n => n.Text.Contains("the ranges of activations are those that the student learned with", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(run, "control", RangesFile.Name)));

        // Exported again without samples or recipe, it is the same file, bit for bit.
        var student = _work.At("student");
        Directory.CreateDirectory(student);
        foreach (var file in Directory.GetFiles(Path.Combine(run, "student")))
            File.Copy(file, Path.Combine(student, Path.GetFileName(file)));
        var answer = _work.Decant("export", student, "--quantize", "int8");
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.Equal(File.ReadAllBytes(Path.Combine(run, "student", "onnx", "model_quantized.onnx")), File.ReadAllBytes(Path.Combine(student, "onnx", "model_quantized.onnx")));

        // Ranges that are found from samples after the training are others.
        File.Delete(Path.Combine(run, "student", RangesFile.Name));
        answer = _work.Decant("export", run, "--quantize", "int8");
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.NotEqual(File.ReadAllBytes(Path.Combine(run, "student", "onnx", "model_quantized.onnx")), File.ReadAllBytes(Path.Combine(student, "onnx", "model_quantized.onnx")));
    }

    [Fact]
    public void With_int8_dynamic_the_run_measures_the_student_with_its_activations_rounded()
    {
        Write("encoder, layers: 1, hidden: 32, heads: 2", "observed");
        _work.Write("int8.yaml", File.ReadAllText(_work.At("int8.yaml")).Replace("{ kind: int8, ranges: observed }", "{ kind: int8-dynamic, reduce-range: false }", StringComparison.Ordinal));
        var run = _work.Distill("int8.yaml", "run");
        var events = Workplace.Record(run).Events;
        var own = events.OfType<Evaluated>().Single(e => e is { Arm: "student", Split: "test" });
        var exported = events.OfType<ExportMeasured>().Single(e => e is { Arm: "student", Form: "int8-dynamic" });
        Assert.Equal((0.0, 0.0, 0.0), (exported.Loss!.Difference, exported.Loss.Low, exported.Loss.High));
        var unrounded = new EvaluateJob(Catalog.Standard).Run([Path.Combine(run, "student")]).Models[0].Metrics["nll"].Mean;
        Assert.NotEqual(unrounded, own.Metrics["nll"]); // of a folder that is loaded alone the activations are not
        Assert.Equal(unrounded, own.Metrics["nll"], 0.05);
    }

    [Theory]
    [InlineData("observed", 3)]
    [InlineData("learned", 5)]
    public void Stopped_while_it_learns_it_goes_on_to_the_same_student(string ranges, int at)
    {
        Write("encoder, layers: 1, hidden: 32, heads: 2", ranges);
        _work.Write("int8.yaml", File.ReadAllText(_work.At("int8.yaml")).Replace("latency-runs: 3", "latency-runs: 0", StringComparison.Ordinal).Split("\n\nexport")[0]);
        var whole = _work.Distill("int8.yaml", "whole");
        using var stop = new CancellationTokenSource();
        var run = _work.At("stopped");
        Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(
            _work.Recipe("int8.yaml"), new RunOptions { Out = run }, new Watcher(e => { if (e is StepTaken { Arm: "student" } s && s.Step == at) stop.Cancel(); }), stop.Token));
        var answer = _work.Decant("distill", "--resume", run);
        Assert.True(answer.Exit == 0, answer.Error);
        WholeRun.AreSame(whole, run);
        foreach (var arm in new[] { "student", "control" })
            Assert.Equal(File.ReadAllText(Path.Combine(whole, arm, RangesFile.Name)), File.ReadAllText(Path.Combine(run, arm, RangesFile.Name)));
    }

    [Fact]
    public void Ranges_that_are_missing_or_of_another_form_are_named()
    {
        Write("textcnn, embedding: 8, filters: 4", "observed");
        var run = _work.Distill("int8.yaml", "run");
        var path = Path.Combine(run, "student", RangesFile.Name);
        File.WriteAllText(path, File.ReadAllText(path).Replace("convs.0.weight", "convs.9.weight", StringComparison.Ordinal));
        Assert.Contains("has no range for the layer 'convs.0.weight'", _work.Decant("export", run, "--quantize", "int8").Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        File.WriteAllText(path, "{");
        Assert.Contains(RangesFile.Name, _work.Decant("export", run, "--quantize", "int8").Error, StringComparison.Ordinal);
    }

    private void Write(string model, string ranges)
    {
        var form = $"{{ kind: int8, ranges: {ranges} }}";
        var text = (model.StartsWith("cnn", StringComparison.Ordinal) ? Workplace.Image : Workplace.Text).Replace("threads: 2", "threads: 1", StringComparison.Ordinal);
        var lines = text.ReplaceLineEndings("\n").Split('\n').Where(l => ranges == "observed" || !l.Contains("warm-up", StringComparison.Ordinal)).ToList();
        var at = lines.FindIndex(l => l.StartsWith("student:", StringComparison.Ordinal)) + 1;
        lines[at] = $"  model: {{ kind: {model} }}";
        lines.Insert(at + 1, $"  quantization: {form}");
        _work.Write("int8.yaml", string.Join('\n', lines) + $"\n\nexport:\n  quantize: [{form}]\n");
    }
}
