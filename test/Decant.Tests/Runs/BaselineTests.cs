using System.Text.Json;
using Decant.Data;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Tests.Runs.Resuming;
using Decant.Torch;

namespace Decant.Tests.Runs;

/// <summary>What stands beside the control: the same student on all labels, with newly drawn weights, before any training.</summary>
public sealed class BaselineTests : IDisposable
{
    private const string OwnNetwork = "  model: { kind: textcnn, embedding: 8, filters: 4 }";

    private readonly Workplace _work = new();

    public BaselineTests() => _work.Write("part.yaml", Workplace.Text
        .Replace("encoder, layers: 1", "encoder, layers: 2", StringComparison.Ordinal)
        .Replace(OwnNetwork, "  from-teacher: { layers: 1 }", StringComparison.Ordinal)
        .Replace("latency-runs: 3", "latency-runs: 0", StringComparison.Ordinal)
        .Replace("evaluate:", "baseline: [untrained, all-labels, from-scratch]\ncheckpoints: { every-steps: 1 }\nevaluate:", StringComparison.Ordinal));

    public void Dispose() => _work.Dispose();

    [Fact]
    public void The_all_labels_student_has_the_controls_weights_seed_and_updates_and_every_label_of_the_training_split()
    {
        using var world = new World(_work.Recipe("text.yaml"));
        var (control, all) = (world.Baseline(Arms.Control), world.Baseline(Arms.AllLabels));
        Assert.Equal(Numbers(control.Model), Numbers(all.Model));
        Assert.Null(all.Teacher);
        Assert.Equal((control.Seed, control.Purpose, control.Budget, control.Fit), (all.Seed, all.Purpose, all.Budget, all.Fit));
        Assert.Equal(control.Objectives, all.Objectives);
        Assert.Equal((40, 128), (control.Samples.Count, all.Samples.Count));
        Assert.Equal(Ids(world.Data.Train), Ids(all.Samples));
        Assert.All(Enumerable.Range(0, all.Samples.Count), i => Assert.True(all.Samples.IsLabelled(i)));
    }

    [Theory]
    [InlineData("control,all-labels")]
    [InlineData("control", "baseline=none")]
    [InlineData("control", "data.student-labels=null")]
    [InlineData("control", "data.student-labels=128")]
    [InlineData("control,all-labels", "data.student-labels=null", "distill.transfer-set={ without-classes: [cooking] }")]
    [InlineData("", "control=false")]
    [InlineData("all-labels", "control=false", "baseline=all-labels")]
    public void All_labels_stand_beside_the_control_by_default_where_some_are_hidden(string expected, params string[] set)
    {
        using var world = new World(_work.Recipe("text.yaml", set));
        Assert.Equal(expected, string.Join(',', world.Baselines.Select(b => b.Name)));
    }

    [Fact]
    public void All_labels_that_are_asked_for_and_not_hidden_are_refused_with_their_number()
    {
        var answer = _work.Decant("distill", _work.At("text.yaml"), "--out", _work.At("run"), "--set", "data.student-labels=128", "--set", "baseline=all-labels");
        Assert.Equal(2, answer.Exit);
        Assert.Contains("student and control have all 128 of the training split", answer.Error);
        Assert.False(Directory.Exists(_work.At("run")));
    }

    [Fact]
    public void A_control_from_scratch_has_the_students_network_without_the_teachers_weights_and_the_untrained_part_has_them()
    {
        using var world = new World(_work.Recipe("part.yaml"));
        Assert.Equal(["control", "all-labels", "from-scratch", "untrained"], world.Baselines.Select(b => b.Name));
        var (control, scratch) = (world.Baseline(Arms.Control), world.Baseline(Arms.FromScratch));
        Assert.Equal(((IConfigured)control.Model).Config.ToJson().ToJsonString(), ((IConfigured)scratch.Model).Config.ToJson().ToJsonString());
        Assert.Equal(world.Student, Numbers(control.Model));
        Assert.NotEqual(world.Student, Numbers(scratch.Model));
        Assert.Equal(control with { Name = "", Model = scratch.Model, Objectives = scratch.Objectives }, scratch with { Name = "" });
        using var again = new World(_work.Recipe("part.yaml"));
        Assert.Equal(Numbers(scratch.Model), Numbers(again.Baseline(Arms.FromScratch).Model));

        var untrained = world.Baselines.Single(b => b.Name == Arms.Untrained);
        using var model = world.New(untrained);
        Assert.Null(untrained.Training(3, model, model));
        Assert.Equal(world.Student, Numbers(model));
    }

    [Fact]
    public void Every_baseline_is_measured_compared_and_told_and_a_control_that_begins_with_the_teachers_weights_is_named_so()
    {
        var answer = _work.Decant("distill", _work.At("part.yaml"), "--out", _work.At("run"), "--seeds", "2");
        Assert.True(answer.Exit == 0, answer.Error);
        var events = Workplace.Record(_work.At("run")).Events;
        string[] arms = ["teacher", "student", "control", "all-labels", "from-scratch", "untrained"];
        foreach (var seed in new[] { 3, 4 })
            Assert.Equal(arms, events.OfType<Evaluated>().Where(e => e.Seed == seed).Select(e => e.Arm));
        Assert.DoesNotContain(events, e => e is ArmStarted { Arm: "untrained" });
        Assert.Equal(
            ["student/control", "student/all-labels", "all-labels/control", "student/from-scratch", "control/from-scratch", "student/untrained", "teacher/student"],
            events.OfType<Comparison>().Select(c => $"{c.A}/{c.B}"));

        // A difference is that of the mean figures, whoever is compared.
        double Mean(string arm) => events.OfType<Evaluated>().Where(e => e.Arm == arm).Average(e => e.Metrics["accuracy"]);
        foreach (var compared in events.OfType<Comparison>())
            Assert.Equal(Mean(compared.A) - Mean(compared.B), compared.Difference, 12);

        var sentence = events.OfType<Comparison>().Single(c => c.B == "all-labels").Sentence;
        Assert.StartsWith("The same student on all 128 labels, without the teacher, reaches ", sentence);
        Assert.Contains(sentence[..60], answer.Out.ReplaceLineEndings(" "));
        Assert.Contains("(starts", answer.Out); // the heading of the control, folded
        using var summary = JsonDocument.Parse(File.ReadAllBytes(_work.At("run", "summary.json")));
        Assert.Equal(sentence, summary.RootElement.GetProperty("against_all_labels").GetProperty("sentence").GetString());
        foreach (var key in new[] { "hidden_labels", "against_from_scratch", "teacher_weights", "against_untrained", "all-labels", "from-scratch", "untrained" })
            Assert.True(summary.RootElement.TryGetProperty(key, out _), key);
        var report = File.ReadAllText(_work.At("run", "report.html"));
        Assert.Contains("Control (starts from the teacher’s weights)", report);
        foreach (var title in new[] { "All labels", "From scratch", "Untrained" })
            Assert.Contains($"</i>{title}</th>", report);
    }

    [Fact]
    public void A_run_that_is_stopped_in_or_between_baselines_goes_on_to_the_same_models_and_tells_nothing_twice()
    {
        var whole = _work.Distill("part.yaml", "whole", "--seeds", "2");
        foreach (var (arm, seed) in new[] { (Arms.AllLabels, 3L), (Arms.FromScratch, 3L), (Arms.AllLabels, 4L), (Arms.FromScratch, 4L) })
        {
            var run = _work.At($"in-{arm}-{seed}");
            Stop(run, e => e is StepTaken { Step: 2 } step && (step.Arm, step.Seed) == (arm, seed));
            Assert.Equal(0, _work.Decant("distill", "--resume", run, "--quiet").Exit);
            WholeRun.AreSame(whole, run);
        }

        // Between the measuring of the first seed and the training of the second, and while the second is measured.
        var between = _work.At("between");
        Stop(between, e => e is Evaluated { Arm: Arms.Untrained, Seed: 3 });
        Stop(between, e => e is Evaluated { Arm: Arms.Teacher, Seed: 4 }, resume: true);
        Assert.Equal(0, _work.Decant("distill", "--resume", between, "--quiet").Exit);
        WholeRun.AreSame(whole, between);
    }

    private void Stop(string run, Func<RunEvent, bool> when, bool resume = false)
    {
        using var stop = new CancellationTokenSource();
        var watcher = new Watcher(e => { if (when(e)) stop.Cancel(); });
        var job = new DistillJob(Catalog.Standard);
        Assert.Throws<OperationCanceledException>(() => resume
            ? job.Resume(run, new RunOptions(), null, watcher, stop.Token)
            : job.Run(_work.Recipe("part.yaml").WithSeeds(2), new RunOptions { Out = run }, watcher, stop.Token));
    }

    private static SampleId[] Ids(Dataset samples) => [.. Enumerable.Range(0, samples.Count).Select(samples.IdOf)];

    private static float[] Numbers(Model model) => [.. model.StateDict().OrderBy(p => p.Key, StringComparer.Ordinal).SelectMany(p => p.Value.To(DType.Float32).Reshape(-1).ToArray<float>())];

    /// <summary>The baselines of a recipe, before any training.</summary>
    private sealed class World : IDisposable
    {
        private readonly Model _teacher;
        private readonly Dictionary<string, Model> _models = [];

        public World(Recipe recipe)
        {
            Data = DataPreparation.Prepare(Catalog.Standard, recipe, default);
            var arms = new RecipeArms(Catalog.Standard, recipe, Data);
            _teacher = arms.NewTeacher(3);
            Baselines = arms.Baselines();
            using var student = arms.NewStudent(3, _teacher);
            Student = Numbers(student);
        }

        public PreparedData Data { get; }

        public IReadOnlyList<BaselineArm> Baselines { get; }

        public float[] Student { get; }

        public Model New(BaselineArm baseline) => baseline.New(3, _teacher);

        public Arm Baseline(string name)
        {
            var baseline = Baselines.Single(b => b.Name == name);
            return baseline.Training(3, _models.TryGetValue(name, out var there) ? there : _models[name] = New(baseline), _teacher)!;
        }

        public void Dispose()
        {
            foreach (var model in _models.Values)
                model.Dispose();
            _teacher.Dispose();
            Data.Dispose();
        }
    }
}
