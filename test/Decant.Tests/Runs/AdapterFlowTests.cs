using System.Text.Json.Nodes;
using Decant.Export;
using Decant.Export.Safetensors;
using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Tests.Runs.Resuming;
using Decant.Torch;

namespace Decant.Tests.Runs;

/// <summary>Students of a recipe whose own weights stay: trained, merged, kept beside as an adapter, resumed.</summary>
public sealed class AdapterFlowTests : IDisposable
{
    private const string Network = "  model: { kind: textcnn, embedding: 8, filters: 4 }";
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void A_student_that_is_all_of_its_teacher_learns_an_adapter_which_is_merged_and_kept_beside()
    {
        _work.Write("lora.yaml", Recipe("from-teacher: {}", "adapter: { kind: lora, rank: 2, dropout: 0.1, targets: [query, value], rank-stabilized: true }"));
        var run = _work.Distill("lora.yaml", "run");
        using var scope = TensorScope.Open();
        using var teacher = SafetensorsFile.Open(Path.Combine(run, "teacher", "model.safetensors"));
        using var student = SafetensorsFile.Open(Path.Combine(run, "student", "model.safetensors"));
        using var adapter = SafetensorsFile.Open(Path.Combine(run, "student", "adapter", "adapter_model.safetensors"));
        Assert.Equal(teacher.Entries.Keys.Order(), student.Entries.Keys.Order());
        string[] changed = [.. teacher.Entries.Keys.Where(name => !teacher.Read(name).ToArray<float>().SequenceEqual(student.Read(name).ToArray<float>()))];
        Assert.Equal(["bert.encoder.layer.0.attention.self.query.weight", "bert.encoder.layer.0.attention.self.value.weight"], changed.Order());
        Assert.Equal(
            ["base_model.model.bert.encoder.layer.0.attention.self.query.lora_A.weight", "base_model.model.bert.encoder.layer.0.attention.self.query.lora_B.weight",
                "base_model.model.bert.encoder.layer.0.attention.self.value.lora_A.weight", "base_model.model.bert.encoder.layer.0.attention.self.value.lora_B.weight"],
            adapter.Entries.Keys.Order(StringComparer.Ordinal));
        foreach (var name in changed)
        {
            var path = $"base_model.model.{name[..^".weight".Length]}";
            var update = adapter.Read(path + ".lora_B.weight").MatMul(adapter.Read(path + ".lora_A.weight")) * (4 / Math.Sqrt(2));
            Assert.Equal((teacher.Read(name) + update).ToArray<float>(), student.Read(name).ToArray<float>());
        }

        var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "student", "adapter", "adapter_config.json")))!;
        Assert.Equal(
            """{"base_model_name_or_path":"../../teacher","bias":"none","fan_in_fan_out":false,"inference_mode":true,"init_lora_weights":true,"lora_alpha":4,"lora_dropout":0.1,"modules_to_save":null,"peft_type":"LORA","r":2,"target_modules":["query","value"],"task_type":"SEQ_CLS","use_dora":false,"use_rslora":true}""",
            settings.ToJsonString());
        Assert.True(File.Exists(Path.Combine(run, "control", "adapter", "adapter_model.safetensors")));
        Assert.Contains(Workplace.Record(run).Events.OfType<RunNote>(), n => n.Text == "student.adapter: 128 numbers are trained, in 2 layers of a model of 8,066; its own weights are the teacher's, which are in memory once." || n.Text.StartsWith("student.adapter: 128 numbers are trained, in 2 layers of a model of ", StringComparison.Ordinal));
    }

    [Fact]
    public void The_adapter_alone_is_loaded_predicts_and_teaches_as_the_merged_model()
    {
        _work.Write("lora.yaml", Recipe("from-teacher: {}", "adapter: { kind: lora, rank: 2 }"));
        var run = _work.Distill("lora.yaml", "run");
        var (merged, adapter) = (Path.Combine(run, "student"), Path.Combine(run, "student", "adapter"));
        using var scope = TensorScope.Open();
        using var one = ModelFolder.Load(merged);
        using var other = ModelFolder.Load(adapter);
        foreach (var (name, weight) in one.StateDict())
            Assert.Equal(weight.ToArray<float>(), other.StateDict()[name].ToArray<float>());
        var answers = new[] { merged, adapter }.Select(folder => _work.Decant("predict", folder, "kala mita", "zuno pera")).ToArray();
        Assert.All(answers, a => Assert.True(a.Exit == 0, a.Error));
        Assert.Equal(answers[0].Out, answers[1].Out);
        var inspected = _work.Decant("inspect", adapter, "--tensors");
        Assert.True(inspected.Exit == 0, inspected.Error);
        Assert.Contains("with a LoRA adapter", inspected.Out, StringComparison.Ordinal);

        // A student may begin as it, and it may teach.
        _work.Write("again.yaml", Recipe($"load: {adapter}", "adapter: { kind: lora, targets: [dense] }").Replace("    model: { kind: encoder, layers: 1, hidden: 16, heads: 2 }", "", StringComparison.Ordinal));
        var again = _work.Distill("again.yaml", "again");
        Assert.Equal(Path.GetFullPath(adapter), JsonNode.Parse(File.ReadAllText(Path.Combine(again, "student", "adapter", "adapter_config.json")))!["base_model_name_or_path"]!.GetValue<string>());
        // What it leaves is an adapter over an adapter, and is opened so.
        using var second = ModelFolder.Load(Path.Combine(again, "student"));
        using var over = ModelFolder.Load(Path.Combine(again, "student", "adapter"));
        foreach (var (name, weight) in second.StateDict())
            Assert.Equal(weight.ToArray<float>(), over.StateDict()[name].ToArray<float>());
        File.Delete(Path.Combine(again, "student", "adapter", "config.json"));
        File.Delete(Path.Combine(adapter, "config.json")); // then that of the model below both
        ModelFolder.Load(Path.Combine(again, "student", "adapter")).Dispose();
    }

    [Fact]
    public void Check_says_what_is_trained_and_how_large_the_model_is_without_it()
    {
        _work.Write("lora.yaml", Recipe("from-teacher: {}", "adapter: { kind: lora, rank: 2 }"));
        _work.Write("whole.yaml", Recipe("from-teacher: {}", ""));
        var (with, without) = (_work.Decant("check", _work.At("lora.yaml"), "--set", "baseline=untrained"), _work.Decant("check", _work.At("whole.yaml")));
        var whole = System.Text.RegularExpressions.Regex.Match(without.Out, @"student +encoder, ([\d,]+) parameters").Groups[1].Value;
        Assert.NotEmpty(whole);
        Assert.Matches($@"student +encoder, {whole} parameters \(trained:\s+an\s+adapter\s+of\s+[\d,]+\s+numbers", with.Out);
        Assert.Matches($@"untrained +encoder, {whole} parameters, not\s+trained", with.Out);
    }

    [Fact]
    public void A_new_head_is_trained_as_a_whole_and_saved_with_the_adapter()
    {
        _work.Write("words.yaml", Recipe("from-teacher: {}", ""));
        var before = Path.Combine(_work.Distill("words.yaml", "before"), "student");
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(before, "config.json")))!.AsObject();
        // The same encoder without its head, as a base model is published.
        using (TensorScope.Open())
        {
            using var stored = SafetensorsFile.Open(Path.Combine(before, "model.safetensors"));
            var encoder = stored.Entries.Keys.Where(k => k.StartsWith("bert.", StringComparison.Ordinal)).ToDictionary(k => k["bert.".Length..], stored.Read);
            Directory.CreateDirectory(_work.At("base"));
            SafetensorsWriter.Write(_work.At("base", "model.safetensors"), encoder);
        }

        foreach (var file in Directory.GetFiles(before).Where(f => !f.EndsWith("model.safetensors", StringComparison.Ordinal)))
            File.Copy(file, _work.At("base", Path.GetFileName(file)));
        _work.Write("lora.yaml", Recipe($"load: {_work.At("base")}", "adapter: { kind: lora, rank: 2 }"));
        var run = _work.Distill("lora.yaml", "run");
        var folder = Path.Combine(run, "student", "adapter");
        var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "adapter_config.json")))!;
        Assert.Equal(["classifier"], settings["modules_to_save"]!.AsArray().Select(n => n!.GetValue<string>()));
        using var scope = TensorScope.Open();
        using var adapter = SafetensorsFile.Open(Path.Combine(folder, "adapter_model.safetensors"));
        Assert.Contains("base_model.model.classifier.weight", adapter.Entries.Keys);
        using var merged = ModelFolder.Load(Path.Combine(run, "student"));
        using var alone = ModelFolder.Load(folder);
        foreach (var (name, weight) in merged.StateDict())
            Assert.Equal(weight.ToArray<float>(), alone.StateDict()[name].ToArray<float>());
    }

    [Theory]
    [InlineData("from-teacher: {}", Arms.Student)]
    [InlineData("from-teacher: {}", Arms.Control)]
    [InlineData("from-teacher: { hidden: 8, heads: 1 }", Arms.Student)]
    public void Stopped_while_it_learns_it_goes_on_to_the_same_student_from_a_checkpoint_of_the_adapter_alone(string begins, string arm)
    {
        _work.Write("lora.yaml", Recipe(begins, "adapter: { kind: lora, rank: 2, dropout: 0.2 }", "checkpoints: { every-steps: 1 }"));
        var whole = _work.Distill("lora.yaml", "whole");
        using var stop = new CancellationTokenSource();
        var run = _work.At("stopped");
        Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(
            _work.Recipe("lora.yaml"), new RunOptions { Out = run }, new Watcher(e => { if (e is StepTaken s && s.Arm == arm && s.Step == 4) stop.Cancel(); }), stop.Token));
        var state = Directory.GetFiles(Path.Combine(run, "checkpoints"), "state.safetensors", SearchOption.AllDirectories);
        Assert.NotEmpty(state);
        Assert.All(state, file =>
        {
            using var stored = SafetensorsFile.Open(file);
            Assert.All(stored.Entries.Keys.Where(k => k != "optimizer.updates"), key => Assert.Contains(".lora_", key, StringComparison.Ordinal));
        });
        var answer = _work.Decant("distill", "--resume", run);
        Assert.True(answer.Exit == 0, answer.Error);
        WholeRun.AreSame(whole, run);
        foreach (var file in new[] { "student/adapter/adapter_model.safetensors", "control/adapter/adapter_model.safetensors", "student/adapter/adapter_config.json" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, file)), File.ReadAllBytes(Path.Combine(run, file)));
    }

    [Fact]
    public void Stages_generations_and_an_untrained_baseline_each_have_it()
    {
        _work.Write("lora.yaml", Recipe("from-teacher: {}", "generations: 2\n  adapter: { kind: lora, rank: 2 }").Replace("  epochs: 2\n", "  epochs: 1\n  warm-up: { epochs: 1 }\n", StringComparison.Ordinal) + "\nbaseline: [untrained]");
        var whole = _work.Distill("lora.yaml", "whole");
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "teacher", "model.safetensors")), File.ReadAllBytes(Path.Combine(whole, "untrained", "model.safetensors")));
        Assert.True(File.Exists(Path.Combine(whole, "generation-1", "adapter", "adapter_config.json")));
        foreach (var arm in new[] { Arms.WarmUp, Arms.Student })
        {
            using var stop = new CancellationTokenSource();
            var run = _work.At($"in-{arm}");
            Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(
                _work.Recipe("lora.yaml"), new RunOptions { Out = run }, new Watcher(e => { if (e is StepTaken s && s.Arm == arm && s.Step == 2) stop.Cancel(); }), stop.Token));
            Assert.Equal(0, _work.Decant("distill", "--resume", run, "--quiet").Exit);
            WholeRun.AreSame(whole, run);
        }
    }

    [Theory]
    [InlineData("model: { kind: textcnn }", "adapter: { kind: lora }", "", "the weights of the student stay as they are, and those of 'student.model' are random")]
    [InlineData("from-teacher: {}", "adapter: { kind: lora }\n  quantization: { kind: weight-only }", "", "quantization-aware training changes all weights")]
    [InlineData("from-teacher: {}", "adapter: { kind: lora }\n  budget: { parameters: 500k }", "", "candidates of a search are trained as a whole")]
    [InlineData("from-teacher: { static: {} }", "adapter: { kind: lora }", "", "a static student is a table")]
    [InlineData("from-teacher: {}", "adapter: { kind: lora }", "train: [bert]", "the student has an adapter ('student.adapter'): it says what is trained")]
    [InlineData("from-teacher: {}", "adapter: { kind: lora }", "freeze: [bert]", "the student has an adapter ('student.adapter'): all other weights stay anyway")]
    [InlineData("from-teacher: {}", "adapter: { kind: lora }", "pruning: { sparsity: 0.5 }", "the student has an adapter")]
    [InlineData("from-teacher: {}", "adapter: { kind: lora }", "blockwise: { epochs-per-block: 1 }", "the student has an adapter")]
    [InlineData("from-teacher: {}", "adapter: { kind: lora, targets: [q_lin] }", "", "student.adapter.targets: expected the last parts of the paths of linear layers")]
    [InlineData("from-teacher: {}", "adapter: { kind: lora, modules-to-save: [klassifier] }", "", "student.adapter.modules-to-save: expected the last parts of a module's path, or a pattern of one; 'klassifier' came")]
    [InlineData("from-teacher: {}", "adapter: { kind: lora, rank: 0 }", "", "rank")]
    public void What_does_not_go_with_it_is_refused_by_name_before_any_work(string begins, string adapter, string distill, string expected)
    {
        _work.Write("wrong.yaml", Recipe(begins, adapter).Replace("distill:\n", $"distill:\n  {distill}\n", StringComparison.Ordinal));
        var answer = _work.Decant("distill", _work.At("wrong.yaml"), "--out", _work.At("out"));
        Assert.Equal(2, answer.Exit);
        Assert.Contains(expected, answer.Error.Replace("\n", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_work.At("out")));
    }

    [Fact]
    public void What_is_exported_is_the_merged_student_and_gradient_checkpointing_and_shared_cores_change_nothing()
    {
        const string Begins = "from-teacher: {}", Adapter = "adapter: { kind: lora, rank: 2, dropout: 0.1 }";
        _work.Write("lora.yaml", Recipe(Begins, Adapter, "export: { quantize: [] }"));
        _work.Write("again.yaml", Recipe(Begins, Adapter).Replace("distill:\n", "distill:\n  gradient-checkpointing: true\n", StringComparison.Ordinal));
        var run = _work.Distill("lora.yaml", "run", "--set", "thread-allocation.student=1");
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(run, "student"), "*.onnx", SearchOption.AllDirectories));
        Assert.Equal(Workplace.Weights(run, "student"), Workplace.Weights(_work.Distill("again.yaml", "again", "--set", "thread-allocation.student=1"), "student"));
        Assert.Equal(Workplace.Weights(run, "student"), Workplace.Weights(_work.Distill("again.yaml", "overlapped", "--set", "thread-allocation.student=1+1"), "student"));
    }

    [Fact]
    public void A_teacher_that_would_follow_it_is_refused_by_name()
    {
        _work.Write("wrong.yaml", Recipe("from-teacher: {}", "adapter: { kind: lora }").Replace("teacher:\n", "teacher:\n  follow: { kind: average }\n", StringComparison.Ordinal));
        var answer = _work.Decant("check", _work.At("wrong.yaml"));
        Assert.Equal(2, answer.Exit);
        Assert.Contains("the teacher would get the student's weights, which stay as they are with 'student.adapter'", answer.Error.Replace("\n", " ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static string Recipe(string begins, string adapter, string more = "") => Workplace.Text.Replace(Network, $"  {begins}\n  {adapter}", StringComparison.Ordinal)
        .Replace("  warm-up: { epochs: 1 }\n", "", StringComparison.Ordinal).Replace("latency-runs: 3", "latency-runs: 0", StringComparison.Ordinal) + "\n" + more;
}
