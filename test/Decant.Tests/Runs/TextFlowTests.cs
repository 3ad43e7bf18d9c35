using System.Text;
using System.Text.Json;
using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs;

/// <summary>One recipe for text with all stages and two seeds, run once for all tests here.</summary>
public sealed class TextRun : IDisposable
{
    public TextRun() => Folder = Work.Distill("text.yaml", "run", "--seeds", "2");

    public Workplace Work { get; } = new();

    public string Folder { get; }

    public void Dispose() => Work.Dispose();
}

public sealed class TextFlowTests(TextRun run) : IClassFixture<TextRun>
{
    private static readonly string[] s_arms = ["teacher", "student", "control", "all-labels"];

    [Fact]
    public void A_run_leaves_models_that_other_programs_open_and_everything_that_was_measured()
    {
        foreach (var arm in s_arms)
        {
            foreach (var folder in new[] { Path.Combine(run.Folder, arm), Path.Combine(run.Folder, "seed-4", arm) })
                Assert.Equal(["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }

        Assert.Equal(
            ["all-labels", "control", "recipe.yaml", "record.jsonl", "report.html", "seed-4", "student", "summary.json", "teacher", "tensorboard"],
            Directory.GetFileSystemEntries(run.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(
            [.. from arm in new[] { "all-labels", "control", "student", "teacher", "warm-up" } from seed in new[] { 3, 4 } select $"{arm}-seed-{seed}"],
            Directory.GetDirectories(Path.Combine(run.Folder, "tensorboard")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(Path.Combine(run.Folder, "tensorboard"), "*", SearchOption.AllDirectories), f => Assert.True(new FileInfo(f).Length > 100));
    }

    [Fact]
    public void The_summary_has_its_keys_for_every_model_and_the_verdict()
    {
        using var summary = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(run.Folder, "summary.json")));
        foreach (var arm in s_arms)
        {
            var model = summary.RootElement.GetProperty(arm);
            Assert.True(model.GetProperty("parameters").GetInt64() > 0);
            Assert.Equal(new FileInfo(Path.Combine(run.Folder, arm, "model.safetensors")).Length, model.GetProperty("bytes").GetInt64());
            Assert.InRange(model.GetProperty("metrics").GetProperty("accuracy").GetDouble(), 0, 1);
            Assert.True(model.GetProperty("latency_ms").GetProperty("p50").GetDouble() > 0);
            Assert.True(model.GetProperty("latency_ms").GetProperty("p95").GetDouble() > 0);
            Assert.Equal([3L, 4L], model.GetProperty("seeds").EnumerateArray().Select(s => s.GetInt64()));
            var values = model.GetProperty("per_seed").GetProperty("accuracy").EnumerateArray().Select(v => v.GetDouble()).ToArray();
            Assert.Equal(values.Average(), model.GetProperty("metrics").GetProperty("accuracy").GetDouble(), 12);
            Assert.True(model.GetProperty("spread").GetProperty("accuracy").GetDouble() >= 0);
        }

        var verdict = summary.RootElement.GetProperty("verdict");
        Assert.Contains(verdict.GetProperty("verdict").GetString(), new[] { "helped", "hurt", "no-difference" });
        Assert.Contains("istillation", verdict.GetProperty("sentence").GetString());
        Assert.True(summary.RootElement.GetProperty("finished").GetBoolean());
        Assert.Contains(System.Net.WebUtility.HtmlEncode(verdict.GetProperty("sentence").GetString()!)[..20], File.ReadAllText(Path.Combine(run.Folder, "report.html")));
    }

    [Fact]
    public void The_control_makes_as_many_updates_as_warm_up_and_distillation_together()
    {
        var steps = Workplace.Record(run.Folder).Events.OfType<ArmStarted>().Where(a => a.Seed == 3).ToDictionary(a => a.Arm, a => a.Steps);
        Assert.Equal(8, steps[Arms.Teacher]);
        Assert.Equal(8, steps[Arms.WarmUp]);
        Assert.Equal(16, steps[Arms.Student]);
        Assert.Equal(24, steps[Arms.Control]);
        Assert.Equal(24, steps[Arms.AllLabels]);
        var objectives = Workplace.Record(run.Folder).Events.OfType<ArmStarted>().Where(a => a.Seed == 3).ToDictionary(a => a.Arm, a => a.Objectives);
        Assert.Equal("0.7 · soft-targets", objectives[Arms.WarmUp]);
        Assert.Equal("0.7 · soft-targets + 0.3 · labels", objectives[Arms.Student]);
        Assert.Equal("1 · labels", objectives[Arms.Control]);
    }

    [Fact]
    public void The_recipe_in_the_folder_runs_again_to_the_same_weights_bit_for_bit()
    {
        var again = run.Work.Decant("distill", Path.Combine(run.Folder, "recipe.yaml"), "--quiet", "--out", run.Work.At("again"));
        Assert.True(again.Exit == 0, again.Error);
        foreach (var arm in s_arms)
        {
            Assert.Equal(Workplace.Weights(run.Folder, arm), Workplace.Weights(run.Work.At("again"), arm));
            Assert.Equal(Workplace.Weights(run.Folder, $"seed-4/{arm}"), Workplace.Weights(run.Work.At("again"), $"seed-4/{arm}"));
            Assert.NotEqual(Workplace.Weights(run.Folder, arm), Workplace.Weights(run.Folder, $"seed-4/{arm}"));
        }
    }

    [Fact]
    public void Runs_and_models_are_measured_on_the_split_that_their_recipe_has()
    {
        var evaluated = run.Work.Decant("evaluate", run.Folder);
        Assert.True(evaluated.Exit == 0, evaluated.Error);
        var compared = run.Work.Decant("compare", Path.Combine(run.Folder, "teacher"), Path.Combine(run.Folder, "student"), Path.Combine(run.Folder, "control"));
        Assert.True(compared.Exit == 0, compared.Error);
        var json = run.Work.Decant(["compare", .. s_arms.Select(a => Path.Combine(run.Folder, a)), "--json"]);
        var models = JsonDocument.Parse(json.Out).RootElement.GetProperty("models").EnumerateArray();
        Assert.Equal(s_arms, models.Select(m => m.GetProperty("name").GetString()));
        var recorded = Workplace.Record(run.Folder).Events.OfType<Evaluated>().Where(e => e.Seed == 3).ToDictionary(e => e.Arm, e => e.Metrics["accuracy"]);
        var measured = new EvaluateJob(Catalog.Standard).Run([.. s_arms.Select(a => Path.Combine(run.Folder, a))]);
        Assert.Equal(s_arms.Select(a => recorded[a]), measured.Models.Select(m => m.Metrics["accuracy"].Mean));
        Assert.Equal(s_arms.Length - 1, measured.Comparisons.Count);
    }

    [Fact]
    public void Models_with_different_tokenizers_are_compared_on_the_same_texts()
    {
        var other = run.Work.Distill("text.yaml", "bpe", "--set", "input.tokenizer.kind=byte-bpe", "--set", "input.tokenizer.vocabulary=400", "--no-control", "--set", "distill.epochs=1");
        Assert.False(Directory.Exists(Path.Combine(other, "control")));
        using (var summary = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(other, "summary.json"))))
        {
            Assert.False(summary.RootElement.TryGetProperty("verdict", out _));
            Assert.False(summary.RootElement.TryGetProperty("control", out _));
        }

        var accuracy = Workplace.Record(other).Events.OfType<Evaluated>().Single(e => e.Arm == Arms.Student).Metrics["accuracy"];
        var measured = new EvaluateJob(Catalog.Standard).Run([run.Folder, other]);
        Assert.Equal(["run", "bpe"], measured.Models.Select(m => m.Name));
        Assert.Equal(accuracy, measured.Models[1].Metrics["accuracy"].Mean);
    }

    [Fact]
    public void A_second_recipe_loads_the_teacher_with_its_tokenizer()
    {
        var trained = run.Work.Decant("train", run.Work.At("text.yaml"), "--quiet", "--out", run.Work.At("teacher-only"));
        Assert.True(trained.Exit == 0, trained.Error);
        Assert.Equal(Workplace.Weights(run.Folder, "teacher"), Workplace.Weights(run.Work.At("teacher-only"), "teacher"));

        run.Work.Write("second.yaml", Loading(Path.Combine(run.Work.At("teacher-only"), "teacher")));
        var second = run.Work.Distill("second.yaml", "second");
        Assert.Equal(Workplace.Weights(run.Folder, "teacher"), Workplace.Weights(second, "teacher"));
        Assert.Equal(File.ReadAllBytes(Path.Combine(run.Folder, "teacher", "tokenizer.json")), File.ReadAllBytes(Path.Combine(second, "student", "tokenizer.json")));
        Assert.Equal(Workplace.Weights(run.Folder, "student"), Workplace.Weights(second, "student"));
    }

    [Fact]
    public void What_samples_counted_is_in_the_record_and_the_control_is_the_same_without()
    {
        var plain = run.Work.Distill("text.yaml", "plain-balance", "--set", "evaluate.latency-runs=0");
        var balanced = run.Work.Distill("text.yaml", "balance", "--set", "evaluate.latency-runs=0", "--set",
            "distill.objectives=[{ kind: soft-targets, weight: 0.7, sample-weighting: { kind: confidence, confident: 1, uncertain: 0.2 } }, { kind: labels, weight: 0.3, sample-weighting: { kind: confidence, confident: 0.2, uncertain: 1 } }]");
        var steps = Workplace.Record(balanced).Events.OfType<StepTaken>().Where(s => s.Arm == Arms.Student).ToArray();
        Assert.All(steps, s => Assert.InRange(s.Settings["soft-targets/sample-weight"], 0.2, 1));
        Assert.All(steps.Where(s => s.Settings.ContainsKey("labels/sample-weight")), s => Assert.InRange(s.Settings["labels/sample-weight"], 0.2, 1));
        Assert.Contains(steps, s => s.Settings.ContainsKey("labels/sample-weight"));
        byte[] Weights(string folder, string arm) => File.ReadAllBytes(Path.Combine(folder, arm, "model.safetensors"));
        Assert.Equal(Weights(plain, Arms.Control), Weights(balanced, Arms.Control));
        Assert.NotEqual(Weights(plain, Arms.Student), Weights(balanced, Arms.Student));
    }

    [Theory]
    [InlineData("distill.transfer-set=null", 8)]
    [InlineData("distill.transfer-set={ labelled-only: true }", 3)]    // 40 of 128 texts have a label that the student may see, in batches of 16
    public void A_student_of_labelled_samples_alone_sees_no_others(string set, int batches)
    {
        var folder = run.Work.Distill("text.yaml", $"labelled-{batches}", "--set", set, "--set", "evaluate.latency-runs=0");
        var arms = Workplace.Record(folder).Events.OfType<ArmStarted>().ToDictionary(a => a.Arm, a => a.Steps);
        Assert.Equal((batches, 2 * batches, 8), (arms["warm-up"], arms[Arms.Student], arms[Arms.Teacher]));
    }

    [Fact]
    public void A_plan_tells_the_steps_of_every_arm_and_writes_nothing()
    {
        var before = Directory.GetFileSystemEntries(run.Work.Root).Length;
        var lines = new PlanJob(Catalog.Standard).Run(run.Work.Recipe("text.yaml")).ToDictionary(l => l.Title, l => l.Text);
        Assert.Equal(["data", "tokenizer", "teacher", "warm-up: teacher outputs", "warm-up", "student", "control", "all-labels", "memory", "total"], lines.Keys);
        Assert.Contains("8 steps of 16 samples", lines["teacher"]);
        Assert.Contains("24 steps of 16 samples", lines["control"]);
        Assert.Contains("24 steps of 16 samples", lines["all-labels"]);
        Assert.Contains("40 of them with their label", lines["data"]);
        Assert.Equal(before, Directory.GetFileSystemEntries(run.Work.Root).Length);
    }

    private static string Loading(string teacher)
    {
        var text = new StringBuilder();
        foreach (var line in Workplace.Text.Split('\n'))
        {
            if (line.StartsWith("student:", StringComparison.Ordinal)) text.Append("teacher: { load: ").Append(teacher).Append(" }\n");
            if (line.Contains("tokenizer:", StringComparison.Ordinal)) continue;
            text.Append(line).Append('\n');
        }

        var whole = text.ToString();
        var own = whole.IndexOf("teacher:\n", StringComparison.Ordinal);
        return whole.Remove(own, whole.IndexOf("teacher: { load", StringComparison.Ordinal) - own);
    }
}
