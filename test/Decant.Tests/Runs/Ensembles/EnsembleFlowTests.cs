using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Export;
using Decant.Export.Safetensors;
using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.Table;
using Decant.Runs.Running;
using Decant.Teachers.Ensembles;
using Decant.Tests.Runs.Resuming;

namespace Decant.Tests.Runs.Ensembles;

/// <summary>An ensemble of three architectures, one of them trained twice, in one student: run once for all tests here.</summary>
public sealed class EnsembleRun : IDisposable
{
    public EnsembleRun()
    {
        Work.Write("several.yaml", EnsembleFlowTests.Recipe);
        Folder = Work.Distill("several.yaml", "run");
    }

    public Workplace Work { get; } = new();

    public string Folder { get; }

    public void Dispose() => Work.Dispose();
}

public sealed class EnsembleFlowTests(EnsembleRun run) : IClassFixture<EnsembleRun>
{
    private static readonly string[] s_members = ["teacher-encoder", "teacher-lstm-1", "teacher-lstm-2", "teacher-cnn"];

    /// <summary>Checkpoints at every step, dropout, a learned gate: what a run that goes on must have again.</summary>
    public const string Recipe = """
        name: several
        seed: 3
        threads: 1
        data:
          train: { kind: csv, file: train.csv }
          test: { kind: csv, file: test.csv }
          split: { validation: 0.2 }
        input:
          kind: text
          tokenizer: { kind: wordpiece, vocabulary: 300 }
          max-tokens: 12
        teachers:
          - name: encoder
            model: { kind: encoder, layers: 1, hidden: 16, heads: 2 }
            train: { epochs: 1, batch: 16, optimizer: { kind: adamw, learning-rate: 5e-3 } }
          - name: lstm
            members: 2
            model: { kind: lstm, embedding: 8, hidden: 8, dropout: 0.2 }
            train: { epochs: 1, batch: 16, optimizer: { kind: adamw, learning-rate: 1e-2 } }
          - name: cnn
            model: { kind: textcnn, embedding: 8, filters: 8 }
            train: { epochs: 2, batch: 16, optimizer: { kind: adamw, learning-rate: 1e-2 } }
        ensemble: { weights: learned }
        student:
          model: { kind: textcnn, embedding: 8, filters: 4 }
        distill:
          epochs: 2
          batch: 16
          optimizer: { kind: adamw, learning-rate: 5e-3 }
          objectives:
            - { kind: soft-targets, temperature: 2, weight: 0.7 }
            - { kind: labels, weight: 0.3 }
        checkpoints: { every-steps: 1 }
        evaluate: { bootstrap: 100, latency-runs: 3 }
        """;

    [Fact]
    public void Every_member_is_an_arm_of_its_own_and_all_together_are_the_teacher()
    {
        var events = Workplace.Record(run.Folder).Events;
        Assert.Equal([.. s_members, "student", "control"], events.OfType<ArmStarted>().Select(a => a.Arm));
        var models = events.OfType<ModelDescribed>().ToDictionary(m => m.Role);
        Assert.Equal(("ensemble", "4 models, mean of probabilities, weighted by a gate"), (models["teacher"].Kind, models["teacher"].Summary));
        Assert.Equal(s_members.Sum(m => models[m].Bytes), models["teacher"].Bytes);
        Assert.Equal(s_members.Sum(m => models[m].Flops), models["teacher"].Flops);
        Assert.Equal(s_members.Sum(m => models[m].Parameters) + (4 * 2 * 4) + 4, models["teacher"].Parameters); // and the gate
        Assert.Equal(s_members.Append("control").Append("student").Append("teacher").Order(), events.OfType<LatencyMeasured>().Select(l => l.Arm).Order());
        Assert.Single(events.OfType<RunNote>(), n => n.Text.Contains("the teachers' weights were learned on 32 validation labels", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_member_is_kept_as_a_model_that_other_programs_open_and_beside_them_what_the_ensemble_is()
    {
        foreach (var member in s_members)
        {
            using var model = ModelFolder.Load(Path.Combine(run.Folder, member));
            Assert.Equal(2, model.Classes);
        }

        Assert.NotEqual(Workplace.Weights(run.Folder, "teacher-lstm-1"), Workplace.Weights(run.Folder, "teacher-lstm-2"));
        var ensemble = JsonNode.Parse(File.ReadAllText(Path.Combine(run.Folder, "teacher", "ensemble.json")))!;
        Assert.Equal("learned", (string?)ensemble["weights"]);
        Assert.All(ensemble["members"]!.AsArray(), m => Assert.True(Directory.Exists(Path.Combine(run.Folder, "teacher", (string)m!["folder"]!))));
        Assert.True(File.Exists(Path.Combine(run.Folder, "teacher", "gate.safetensors")));
    }

    [Fact]
    public void The_report_and_the_summary_show_members_ensemble_student_and_control_and_the_students_distance()
    {
        var table = ComparisonTable.Of(Workplace.Record(run.Folder));
        Assert.Equal(["Teacher encoder", "Teacher lstm-1", "Teacher lstm-2", "Teacher cnn", "Ensemble", "Student", "Control"], table.Columns.Select(c => c.Title));
        Assert.Equal("Student against ensemble", table.RatioTitle);
        using var summary = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(run.Folder, "summary.json")));
        foreach (var arm in s_members.Concat(["teacher", "student", "control"]))
            Assert.InRange(summary.RootElement.GetProperty(arm).GetProperty("metrics").GetProperty("accuracy").GetDouble(), 0, 1);
        var gap = summary.RootElement.GetProperty("teacher_gap");
        Assert.Matches(@"^The student keeps [\d.]+ % of the ensemble's accuracy: ensemble [\d.]+ %, student [\d.]+ %, difference .* \(95 % interval ", gap.GetProperty("sentence").GetString());
        var report = File.ReadAllText(Path.Combine(run.Folder, "report.html"));
        Assert.Contains("learned from an ensemble of", report);
        Assert.Contains("Teacher lstm-2: training loss", report);
        Assert.Contains(">Ensemble</th>", report);
    }

    [Theory]
    [InlineData("teacher-lstm-2", 4)]
    [InlineData("teacher-cnn", 16)]
    [InlineData("student", 1)]
    [InlineData("control", 3)]
    public void Stopped_in_any_arm_it_goes_on_to_the_same_models_figures_and_curves(string arm, long step)
    {
        using var stop = new CancellationTokenSource();
        var stopped = run.Work.At($"stopped-in-{arm}");
        Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(
            run.Work.Recipe("several.yaml"), new RunOptions { Out = stopped }, new Watcher(e => { if (e is StepTaken s && (s.Arm, s.Step) == (arm, step)) stop.Cancel(); }), stop.Token));
        var answer = run.Work.Decant("distill", "--resume", stopped);
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.Contains($"resumed after step {step} of the {arm} (seed 3)", answer.Out);
        foreach (var model in s_members.Concat(["student", "control"]))
            Assert.Equal(Workplace.Weights(run.Folder, model), Workplace.Weights(stopped, model));
        Assert.Equal(File.ReadAllBytes(Path.Combine(run.Folder, "teacher", "gate.safetensors")), File.ReadAllBytes(Path.Combine(stopped, "teacher", "gate.safetensors")));
        Assert.Equal(Told(run.Folder), Told(stopped));
    }

    [Fact]
    public void A_gate_that_was_changed_while_the_run_was_stopped_is_refused()
    {
        using var stop = new CancellationTokenSource();
        var stopped = run.Work.At("changed-gate");
        Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(
            run.Work.Recipe("several.yaml"), new RunOptions { Out = stopped }, new Watcher(e => { if (e is StepTaken { Arm: "student", Step: 2 }) stop.Cancel(); }), stop.Token));
        var file = Path.Combine(stopped, "teacher", "gate.safetensors");
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        var answer = run.Work.Decant("distill", "--resume", stopped);
        Assert.Equal(2, answer.Exit);
        Assert.Contains("The weights of the teacher of seed 3 are not those that the run wrote", answer.Error);
    }

    [Fact]
    public void A_plan_tells_every_member_and_writes_nothing()
    {
        var lines = new PlanJob(Catalog.Standard).Run(run.Work.Recipe("several.yaml"));
        Assert.Equal([.. s_members, "teacher", "teacher outputs", "student", "control"], lines.Select(l => l.Title).Where(t => t.StartsWith("teacher", StringComparison.Ordinal) || t is "student" or "control"));
    }

    [Fact]
    public void The_first_member_is_the_teacher_that_it_would_be_alone()
    {
        run.Work.Write("alone.yaml", Recipe.Replace("teachers:\n  - name: encoder\n    model", "teacher:\n    model", StringComparison.Ordinal)
            .Replace(Between(Recipe, "  - name: lstm", "student:"), "", StringComparison.Ordinal).Replace("evaluate: {", "control: false\nevaluate: {", StringComparison.Ordinal));
        var alone = run.Work.Distill("alone.yaml", "alone");
        Assert.Equal(Workplace.Weights(alone, "teacher"), Workplace.Weights(run.Folder, "teacher-encoder"));
    }

    [Theory]
    [InlineData("fixed", "probabilities")]
    [InlineData("confidence", "probabilities")]
    [InlineData("label-confidence", "logits")]
    public void Loaded_teachers_whose_classes_stand_in_another_order_are_averaged_by_name(string weights, string combine)
    {
        var (plain, turned) = (run.Work.At($"plain-{weights}"), run.Work.At($"turned-{weights}"));
        Copy(Path.Combine(run.Folder, "teacher-cnn"), plain);
        Copy(plain, turned);
        Turn(turned);
        run.Work.Write("loaded.yaml", Loading($"ensemble: {{ weights: {weights}, combine: {combine} }}", plain, turned));
        var loaded = run.Work.Distill("loaded.yaml", $"loaded-{weights}");
        var tests = Workplace.Record(loaded).Events.OfType<Evaluated>().ToDictionary(e => e.Arm, e => e.Metrics["nll"]);
        Assert.Equal(tests["teacher-one"], tests["teacher-two"], 6);
        Assert.Equal(tests["teacher-one"], tests["teacher"], 6); // of two that are the same
        var remark = Assert.Single(Workplace.Record(loaded).Events.OfType<RunNote>(), n => n.Text.Contains("another order", StringComparison.Ordinal));
        Assert.Equal($"teacher.load {turned}: its classes stand in another order there (天气, cooking) than in the data (cooking, 天气); its outputs were reordered to the data's order, by name.", remark.Text);
        Assert.Equal(["cooking", "天气"], ModelFolder.ReadConfig(Path.Combine(loaded, "teacher-two")).ClassNames);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_single_teacher_whose_classes_stand_in_another_order_teaches_the_same_whoever_says_its_network(bool named)
    {
        var (plain, turned) = (run.Work.At($"single-{named}"), run.Work.At($"single-turned-{named}"));
        Copy(Path.Combine(run.Folder, "teacher-cnn"), plain);
        Copy(plain, turned);
        Turn(turned);
        var network = named ? "model: { kind: textcnn, embedding: 8, filters: 8 }, " : "";
        foreach (var folder in new[] { plain, turned })
        {
            var text = Loading("control: false", folder, folder);
            run.Work.Write("single.yaml", text.Replace(Between(text, "teachers:", "student:"), $"teacher: {{ {network}load: {folder} }}\n", StringComparison.Ordinal));
            run.Work.Distill("single.yaml", Path.GetFileName(folder) + "-run");
        }

        Assert.Equal(Workplace.Weights(run.Work.At(Path.GetFileName(plain) + "-run"), "student"), Workplace.Weights(run.Work.At(Path.GetFileName(turned) + "-run"), "student"));
    }

    [Fact]
    public void A_member_that_reads_with_another_tokenizer_is_refused_with_the_first_differing_tokens()
    {
        run.Work.Write("other.yaml", Workplace.Text.Replace("kind: wordpiece, vocabulary: 300", "kind: byte-bpe, vocabulary: 300", StringComparison.Ordinal));
        Assert.Equal(0, run.Work.Decant("train", run.Work.At("other.yaml"), "--quiet", "--out", run.Work.At("other")).Exit);
        run.Work.Write("two.yaml", Loading("", Path.Combine(run.Folder, "teacher-cnn"), run.Work.At("other", "teacher")));
        var answer = run.Work.Decant("distill", run.Work.At("two.yaml"), "--out", run.Work.At("two"));
        Assert.Equal(2, answer.Exit);
        Assert.Matches(@"The teacher in .*other/teacher reads text with a tokenizer of its own \(300 tokens\), the recipe has another \(\d+ tokens\): [\d,]+ ids denote other tokens, \d+ is '.*' there and '.*' here", answer.Error.ReplaceLineEndings(" "));
        Assert.Contains("All teachers of one student must read with one tokenizer", answer.Error.ReplaceLineEndings(" "));
    }

    [Fact]
    public void Training_a_teacher_alone_wants_one()
    {
        var answer = run.Work.Decant("train", run.Work.At("several.yaml"), "--out", run.Work.At("none"));
        Assert.Equal(2, answer.Exit);
        Assert.Contains("'decant train' trains one teacher, and the recipe has several", answer.Error.ReplaceLineEndings(" "));
    }

    [Fact]
    public void An_answer_by_labels_is_told_apart_from_one_by_entropy()
    {
        run.Work.Write("by-label.yaml", Recipe.Replace("weights: learned", "weights: label-confidence", StringComparison.Ordinal));
        run.Work.Write("by-entropy.yaml", Recipe.Replace("weights: learned", "weights: confidence", StringComparison.Ordinal));
        var (label, entropy) = (run.Work.Distill("by-label.yaml", "by-label", "--no-control"), run.Work.Distill("by-entropy.yaml", "by-entropy", "--no-control"));
        Assert.NotEqual(Workplace.Weights(label, "student"), Workplace.Weights(entropy, "student"));
        // Measured without a look at labels, the two are the same.
        Assert.Equal(Nll(label), Nll(entropy));

        static double Nll(string folder) => Workplace.Record(folder).Events.OfType<Evaluated>().Single(e => e.Arm == Arms.Teacher).Metrics["nll"];
    }

    private static string Loading(string extra, string first, string second) => $"""
        {Between(Recipe, "name:", "input:")}input: {"{"} kind: text, max-tokens: 12 {"}"}
        teachers:
          - {"{"} name: one, load: {first} {"}"}
          - {"{"} name: two, load: {second} {"}"}
        {Between(Recipe, "student:", "checkpoints:")}evaluate: {"{"} bootstrap: 100, latency-runs: 0 {"}"}
        {extra}

        """;

    private static string Between(string text, string from, string to)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal);
        return text[start..text.IndexOf(to, start, StringComparison.Ordinal)];
    }

    /// <summary>The same model with its two classes the other way round, in its head and in its settings.</summary>
    private static void Turn(string folder)
    {
        var names = ModelFolder.ReadConfig(folder).ClassNames;
        string[] turned = [.. names.Reverse()];
        using var model = ModelFolder.Load(folder);
        ClassOrder.Change(model, names, turned);
        SafetensorsWriter.Write(Path.Combine(folder, ModelFolder.WeightsName), model.StateDict());
        var config = Path.Combine(folder, ModelFolder.ConfigName);
        var json = JsonNode.Parse(File.ReadAllText(config))!;
        json["id2label"] = new JsonObject(turned.Select((n, i) => KeyValuePair.Create($"{i}", (JsonNode?)n)));
        json["label2id"] = new JsonObject(turned.Select((n, i) => KeyValuePair.Create(n, (JsonNode?)i)));
        File.WriteAllText(config, json.ToJsonString());
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private static IEnumerable<string> Told(string folder) => Workplace.Record(folder).Events.Select(e => e switch
    {
        Evaluated x => $"{x.Arm} {x.Seed} {string.Join(' ', x.Metrics.Select(m => $"{m.Key} {m.Value:R}"))}",
        Validated x => $"{x.Arm} {x.Step} {string.Join(' ', x.Metrics.Select(m => $"{m.Key} {m.Value:R}"))}",
        ModelDescribed x => $"{x.Role} {x.Summary} {x.Parameters}",
        Comparison x => x.Sentence,
        RunNote x => x.Text,
        _ => "",
    }).Where(line => line.Length > 0);
}
