using Decant.Export;
using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Tests.Runs.Resuming;

namespace Decant.Tests.Runs;

/// <summary>Students that learn with the numbers of the form that they are exported in.</summary>
public sealed class QuantizedStudentTests : IDisposable
{
    private const string Form = "{ kind: weight-only, bits: 2, block-size: 16, accuracy-level: 0 }";

    private readonly Workplace _work = new();

    public QuantizedStudentTests() => _work.Write("bits.yaml", Recipe(Form));

    public void Dispose() => _work.Dispose();

    [Fact]
    public void The_exported_student_is_the_one_that_learned()
    {
        var run = _work.Distill("bits.yaml", "run");
        var events = Workplace.Record(run).Events;
        var own = events.OfType<Evaluated>().Single(e => e is { Arm: "student", Split: "test" }).Metrics["accuracy"];
        var exported = events.OfType<ExportMeasured>().Single(e => e is { Arm: "student", Form: not "float32" });
        Assert.Equal(own, exported.Score, 6);
        Assert.Equal(1, exported.Agreement!.SameAnswer);
        Assert.Equal(2, events.OfType<RunNote>().Count(n => n.Text.Contains("layers were rounded to those of the quantized file", StringComparison.Ordinal)
            && (n.Text.StartsWith("student (seed 3)", StringComparison.Ordinal) || n.Text.StartsWith("control (seed 3)", StringComparison.Ordinal))));

        // The same training without the rounding is another student, and loses by being rounded afterwards.
        var plain = _work.Distill("bits.yaml", "plain", "--set", "student.quantization=null");
        Assert.NotEqual(Workplace.Weights(plain, "student"), Workplace.Weights(run, "student"));
        var afterwards = Workplace.Record(plain).Events.OfType<ExportMeasured>().Single(e => e is { Arm: "student", Form: not "float32" }).Agreement!.Kl99!.Value;
        Assert.True(afterwards > 1000 * Math.Max(exported.Agreement.Kl99!.Value, 1e-12), $"{afterwards} against {exported.Agreement.Kl99}");
    }

    [Fact]
    public void Stopped_while_it_learns_it_goes_on_to_the_same_student()
    {
        _work.Write("bits.yaml", Recipe(Form)[..Recipe(Form).IndexOf("\n\nexport", StringComparison.Ordinal)].Replace("latency-runs: 3", "latency-runs: 0", StringComparison.Ordinal));
        var whole = _work.Distill("bits.yaml", "whole");
        foreach (var arm in new[] { "student", "control" })
        {
            using var stop = new CancellationTokenSource();
            var run = _work.At($"in-{arm}");
            Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(
                _work.Recipe("bits.yaml"), new RunOptions { Out = run }, new Watcher(e => { if (e is StepTaken { Step: 3 } s && s.Arm == arm) stop.Cancel(); }), stop.Token));
            var answer = _work.Decant("distill", "--resume", run);
            Assert.True(answer.Exit == 0, answer.Error);
            WholeRun.AreSame(whole, run);
        }
    }

    [Fact]
    public void A_quantized_teacher_is_what_is_measured_and_saved()
    {
        _work.Write("teacher.yaml", Recipe("null").Replace("teacher:\n", $"teacher:\n  quantization: {Form}\n", StringComparison.Ordinal).Replace($"quantize: [{Form}", "quantize: [{ kind: int8 }", StringComparison.Ordinal));
        var rounded = _work.Distill("teacher.yaml", "rounded");
        var plain = _work.Distill("teacher.yaml", "plain", "--set", "teacher.quantization=null");
        Assert.NotEqual(Workplace.Weights(plain, "teacher"), Workplace.Weights(rounded, "teacher"));
        Assert.NotEqual(Workplace.Weights(plain, "student"), Workplace.Weights(rounded, "student"));
        Assert.Equal(Workplace.Weights(plain, "control"), Workplace.Weights(rounded, "control"));

        // Loaded, it is rounded to the same numbers: they are already such.
        var again = _work.Distill("teacher.yaml", "again", "--set", $"teacher={{ load: {Path.Combine(rounded, "teacher")}, quantization: {Form} }}", "--set", "input.tokenizer=null");
        Assert.Equal(Workplace.Weights(rounded, "student"), Workplace.Weights(again, "student"));
    }

    [Fact]
    public void Scales_may_be_learned_alone()
    {
        var run = _work.Distill("bits.yaml", "run", "--set", "student.learned-numbers=scales");
        var events = Workplace.Record(run).Events;
        Assert.Equal(1, events.OfType<ExportMeasured>().Single(e => e is { Arm: "student", Form: not "float32" }).Agreement!.SameAnswer);
        var (student, control) = (Biases("student"), Biases("control"));
        Assert.NotEmpty(student);
        Assert.Equal(student, control); // as they were drawn
        Assert.NotEqual(Workplace.Weights(run, "student"), Workplace.Weights(run, "control"));
        Assert.Contains("to choose; leave it out", _work.Decant("check", _work.At("bits.yaml"), "--set", "student.learned-numbers=scales", "--set", "distill.train=[classifier]").Error.ReplaceLineEndings(" "), StringComparison.Ordinal);

        float[] Biases(string arm)
        {
            using var model = ModelFolder.Load(Path.Combine(run, arm));
            return [.. model.StateDict().Where(t => t.Key.EndsWith(".bias", StringComparison.Ordinal)).SelectMany(t => t.Value.Detach().Reshape(-1).ToArray<float>())];
        }
    }

    [Fact]
    public void Three_bits_are_refused()
    {
        _work.Write("three.yaml", Recipe(Form).Replace("bits: 2", "bits: 3", StringComparison.Ordinal));
        Assert.Contains("bits is 3; ONNX Runtime computes with 2, 4 and 8", _work.Decant("check", _work.At("three.yaml")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("student.quantization={ kind: int8 }", "'int8', and that form, with the same options, is not among the exported ones; add it")]
    [InlineData("teacher.quantization={ kind: int8 }", "'int8' is a form of finished models; say weight-only or int8-dynamic")]
    [InlineData("student.quantization={ kind: int8, ranges: learned }", "learned ranges of activations would begin anew in every stage")]
    [InlineData("export.quantize=[{ kind: int8, ranges: learned }]", "ranges are 'learned' by a student with")]
    [InlineData("export.quantize=[{ kind: int8-dynamic, ranges: learned }]", "unknown key 'ranges'")]
    [InlineData("student.quantization={ kind: weight-only, ranges: learned }", "unknown key 'ranges'")]
    [InlineData("student.quantization={ kind: half }", "'half' is a form of finished models")]
    [InlineData("student.quantization={ kind: weight-only, bits: 4 }", "that form, with the same options, is not among the exported ones; add it")]
    public void What_cannot_be_is_told_before_anything_is_trained(string set, string expected)
    {
        var answer = _work.Decant("distill", _work.At("bits.yaml"), "--set", set, "--out", _work.At("out"));
        Assert.Contains(expected, answer.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_work.At("out"), "teacher", "model.safetensors")));
    }

    private static string Recipe(string form) => Workplace.Text
        .Replace("model: { kind: textcnn, embedding: 8, filters: 4 }", $"model: {{ kind: encoder, layers: 1, hidden: 32, heads: 2 }}\n  quantization: {form}", StringComparison.Ordinal)
        .Replace("threads: 2", "threads: 1", StringComparison.Ordinal) + $"\n\nexport:\n  quantize: [{Form}]\n";
}
