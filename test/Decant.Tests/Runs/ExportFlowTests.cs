using Decant.Runs.Exporting;
using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs;

/// <summary>One run that ends in ONNX files, and what is made of them by command.</summary>
public sealed class ExportRun : IDisposable
{
    public const string Section = """

        export:
          quantize:
            - { kind: int8 }
            - { kind: weight-only, bits: 8, block-size: 16 }
          teacher-licence: MIT
        """;

    public ExportRun()
    {
        Work.Write("export.yaml", Workplace.Text + Section);
        Folder = Work.Distill("export.yaml", "run");
    }

    public Workplace Work { get; } = new();

    public string Folder { get; }

    public string Student => Path.Combine(Folder, "student");

    public void Dispose() => Work.Dispose();
}

public sealed class ExportFlowTests(ExportRun run) : IClassFixture<ExportRun>
{
    [Fact]
    public void A_run_leaves_the_student_in_float32_and_in_every_form()
    {
        Assert.Equal(["model.onnx", "model_q8.onnx", "model_quantized.onnx"], Directory.GetFileSystemEntries(Path.Combine(run.Student, "onnx")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Teacher_student_and_forms_are_measured_in_onnx_runtime()
    {
        var exports = Workplace.Record(run.Folder).Events.OfType<ExportMeasured>().ToArray();

        Assert.Equal([("teacher", "float32"), ("student", "float32"), ("student", "int8"), ("student", "int8 weights")], exports.Select(e => (e.Arm, e.Form)));
        Assert.All(exports, e => Assert.True(e.Bytes > 0 && e.OneThread.P50 > 0 && e.SamplesPerSecond > 0 && e.FirstAnswer > 0));
        var own = Workplace.Record(run.Folder).Events.OfType<Evaluated>().ToDictionary(e => e.Arm, e => e.Metrics["accuracy"]);
        Assert.Equal(own["teacher"], exports[0].Score, 6);
        Assert.Equal(own["student"], exports[1].Score, 6);
        Assert.Equal(0, exports[1].Loss!.Difference);
        Assert.Null(exports[1].Agreement);
        Assert.All(exports[2..], e => Assert.InRange(e.Agreement!.SameAnswer!.Value, 0.8, 1));
        Assert.All(exports[2..], e => Assert.Equal(e.Score - own["student"], e.Loss!.Difference, 6));
        Assert.Equal(new FileInfo(Path.Combine(run.Folder, exports[2].File!)).Length, exports[2].Bytes);
    }

    [Fact]
    public void The_report_and_the_card_have_the_figures()
    {
        var html = File.ReadAllText(Path.Combine(run.Folder, "report.html"));
        Assert.Contains("As ONNX files", html);
        Assert.Contains("student/onnx/model_quantized.onnx", html);
        var card = File.ReadAllText(Path.Combine(run.Student, "README.md"));
        Assert.StartsWith("---\ntags:\n- distillation\n- onnx\npipeline_tag: text-classification\n---\n\n# 小文本\n", card);
        Assert.Contains("teacher MIT, data not stated", card);
        Assert.Contains("| File |", card);
        Assert.Contains("`onnx/model_quantized.onnx`: int8", card);
    }

    [Fact]
    public void The_command_exports_a_folder_that_stands_alone()
    {
        var target = Path.Combine(run.Work.Root, "alone");

        var (exit, output, error) = run.Work.Decant("export", run.Folder, "--out", target, "--quantize", "int8", "int4");

        Assert.True(exit == 0, error);
        Assert.Contains("onnx/model_quantized.onnx", output);
        Assert.Equal(
            ["README.md", "config.json", "onnx/model.onnx", "onnx/model_q4.onnx", "onnx/model_quantized.onnx", "tokenizer.json", "tokenizer_config.json"],
            Directory.GetFiles(target, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(target, f)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_bench_measures_the_files_that_are_there()
    {
        var (exit, output, error) = run.Work.Decant("bench", "export", run.Folder);

        Assert.True(exit == 0, error);
        Assert.Contains("int8 weights", output);
        Assert.Contains("Throughput", output);
    }

    [Theory]
    [InlineData("there is no form 'int3'", "--quantize", "int3")]
    [InlineData("Two forms would be written to", "--quantize", "int8", "int8")]
    public void What_cannot_be_is_refused_before_anything_is_written(string expected, params string[] arguments)
    {
        var target = Path.Combine(run.Work.Root, "refused");

        var (exit, _, error) = run.Work.Decant(["export", run.Folder, "--out", target, .. arguments]);

        Assert.Equal(2, exit);
        Assert.Contains(expected, error);
        Assert.False(Directory.Exists(target));
    }

    [Fact]
    public void Two_forms_of_one_file_are_a_fault_of_the_recipe()
    {
        run.Work.Write("twice.yaml", Workplace.Text + "\n\nexport:\n  quantize: [{ kind: half }, { kind: int8 }, { kind: half }]\n");

        var (exit, _, error) = run.Work.Decant("check", run.Work.At("twice.yaml"));

        Assert.Equal(2, exit);
        Assert.Contains("twice.yaml:", error);
        Assert.Contains("two forms would be written to onnx/model_fp16.onnx (half); keep one", error);
    }

    [Fact]
    public void Static_int8_without_samples_is_refused()
    {
        var alone = Path.Combine(run.Work.Root, "moved");
        Directory.CreateDirectory(alone);
        foreach (var name in new[] { "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json" })
            File.Copy(Path.Combine(run.Student, name), Path.Combine(alone, name));

        var (exit, _, error) = run.Work.Decant("export", alone, "--quantize", "int8");

        Assert.Equal(2, exit);
        Assert.Contains("finds the ranges of activations from samples", error);
        Assert.False(Directory.Exists(Path.Combine(alone, "onnx")));
    }

    [Fact]
    public void What_another_process_measures_comes_back()
    {
        var inputs = Path.Combine(run.Work.Root, "inputs");
        InputFile.Write(inputs, new Dictionary<string, Decant.Export.Onnx.Running.OnnxArray>
        {
            ["input_ids"] = new(new long[] { 1, 2, 3 }, 1, 3),
            ["attention_mask"] = new(new long[] { 1, 1, 1 }, 1, 3),
        });

        var (exit, output, error) = run.Work.Decant(ColdStart.Command, Path.Combine(run.Student, OnnxFiles.Float32), inputs);

        Assert.True(exit == 0, error);
        Assert.Matches(@"^[\d.]+ \d{7,}\s*$", output);
    }
}
