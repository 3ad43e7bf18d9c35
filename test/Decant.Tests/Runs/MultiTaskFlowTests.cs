using System.Text.Json.Nodes;
using Decant.Export;
using Decant.Models.Configuration;
using Decant.Models.TextCnn;
using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Tests.Runs.Resuming;

namespace Decant.Tests.Runs;

/// <summary>Several tasks through one small student: it runs, is measured task by task, leaves a plain model for each, and goes on after it was stopped.</summary>
public sealed class MultiTaskFlowTests : IDisposable
{
    private static readonly string[] s_arms = ["teacher", "student", "control", "all-labels", "single"];
    private readonly Workplace _work = new();

    public MultiTaskFlowTests()
    {
        _work.Write("scores.csv", Scores(64, 1));
        _work.Write("scores-test.csv", Scores(40, 2));
        _work.Write("tasks.yaml", Recipe);
    }

    public void Dispose() => _work.Dispose();

    /// <summary>A classification and a regression; a student with dropout; an update is of two batches, of whichever tasks.</summary>
    private const string Recipe = """
        name: two tasks
        seed: 3
        threads: 1
        tasks:
          - name: topics
            data:
              train: { kind: csv, file: train.csv }
              test: { kind: csv, file: test.csv }
              split: { validation: 0.2 }
              student-labels: 60
            teacher: &teacher
              model: { kind: encoder, layers: 1, hidden: 16, heads: 2 }
              train:
                epochs: 1
                batch: 16
                optimizer: { kind: adamw, learning-rate: 5e-3 }
            objectives:
              - { kind: soft-targets, temperature: 2, weight: 0.7 }
              - { kind: labels, weight: 0.3 }
          - name: scores
            task: regression
            data:
              train: { kind: csv, file: scores.csv, label: null, target: [score] }
              test: { kind: csv, file: scores-test.csv, label: null, target: [score] }
              split: { validation: 0.25 }
            teacher:
              model: { kind: encoder, layers: 1, hidden: 16, heads: 2 }
              train:
                epochs: 1
                batch: 16
                optimizer: { kind: adamw, learning-rate: 5e-3 }
                objectives: [ { kind: target-mse } ]
            objectives: [ { kind: logits-mse }, { kind: target-mse, weight: 0.5 } ]
            weight: 0.1
        input:
          kind: text
          tokenizer: { kind: wordpiece, vocabulary: 300 }
          max-tokens: 12
        student:
          model: { kind: textcnn, embedding: 8, filters: 4, dropout: 0.2 }
        distill:
          epochs: 3
          batch: 8
          accumulate: 2
          optimizer: { kind: adamw, learning-rate: 5e-3 }
          augment: { token-dropout: 0.1 }
          task-sampling: annealed
        checkpoints: { every-steps: 1 }
        evaluate: { bootstrap: 100, latency-runs: 0 }
        """;

    [Fact]
    public void Every_task_is_measured_with_its_teacher_its_control_and_a_student_of_its_own()
    {
        var answer = _work.Decant("distill", _work.At("tasks.yaml"), "--out", _work.At("run"), "--set", "evaluate.latency-runs=3");
        Assert.True(answer.Exit == 0, answer.Error);
        var run = _work.At("run");
        var record = Workplace.Record(run);
        Assert.Equal(["topics", "scores"], record.Tasks);
        foreach (var task in record.Tasks)
        {
            Assert.Equal(s_arms, record.Events.OfType<Evaluated>().Where(e => e.TaskName == task).Select(e => e.Arm));
            // Of the scores no label is hidden, so that there is nothing to compare.
            Assert.Equal(task == "topics" ? ["control", "all-labels", "control", "single", "student"] : ["control", "single", "student"], record.Events.OfType<Comparison>().Where(e => e.TaskName == task).Select(e => e.B));
            Assert.Equal(s_arms, record.Events.OfType<LatencyMeasured>().Where(e => e.TaskName == task).Select(e => e.Arm));
        }

        Assert.Equal(["topics/teacher", "scores/teacher", "student", "control", "all-labels", "topics/single", "scores/single"], record.Events.OfType<ArmStarted>().Select(a => a.TaskName is null ? a.Arm : $"{a.TaskName}/{a.Arm}"));
        var joint = Assert.Single(record.Events.OfType<ArmStarted>(), a => a.Arm == "student");
        Assert.Equal("0.7 · topics/soft-targets + 0.3 · topics/labels + 0.1 · scores/logits-mse + 0.05 · scores/target-mse", joint.Objectives);
        Assert.Equal(joint.Steps, Assert.Single(record.Events.OfType<ArmStarted>(), a => a.Arm == "control").Steps);
        Assert.Equal(joint.Steps, Assert.Single(record.Events.OfType<ArmStarted>(), a => a.Arm == "all-labels").Steps);
        Assert.All(record.Events.OfType<Validated>().Where(v => v.Arm == "student"), v => Assert.Equal(["mean", "topics/accuracy", "scores/pearson"], v.Metrics.Keys.Take(3)));
        Assert.Contains("topics: accuracy", answer.Out);
        Assert.Contains("scores: pearson correlation", answer.Out);
        Assert.Matches("topics: This student (is (better|worse) at it than|and) the one that learned it alone", answer.Out);
    }

    [Fact]
    public void Joint_student_control_and_students_of_one_task_have_no_dropout_where_the_recipe_leaves_it_out()
    {
        var run = _work.Distill("tasks.yaml", "run", "--set", "student.model={ kind: textcnn, embedding: 8, filters: 4 }");
        foreach (var task in new[] { "topics", "scores" })
        {
            foreach (var arm in new[] { "student", "control", "single" })
                Assert.Equal(0, Assert.IsType<TextCnnConfig>(ModelFolder.ReadConfig(Path.Combine(run, task, arm))).Dropout);
        }
    }

    [Fact]
    public void The_students_of_all_tasks_are_plain_models_with_one_trunk()
    {
        var run = _work.Distill("tasks.yaml", "run");
        using var topics = ModelFolder.Load(Path.Combine(run, "topics", "student"));
        using var scores = ModelFolder.Load(Path.Combine(run, "scores", "student"));
        Assert.Equal((ModelTask.Classification, ModelTask.Regression), (((IConfigured)topics).Config.Task, ((IConfigured)scores).Config.Task));
        var (first, second) = (topics.StateDict(), scores.StateDict());
        Assert.All(first.Where(t => !t.Key.StartsWith("classifier", StringComparison.Ordinal)), t => Assert.Equal(t.Value.ToArray<float>(), second[t.Key].ToArray<float>()));
        Assert.True(File.ReadAllBytes(Path.Combine(run, "topics", "student", "tokenizer.json")).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(run, "scores", "student", "tokenizer.json"))));

        // Parameters count once, in the record and in what programs read.
        var summary = JsonNode.Parse(File.ReadAllBytes(Path.Combine(run, "summary.json")))!;
        var parameters = summary["parameters"]!;
        Assert.Equal(topics.ParameterCount + scores.ParameterCount - parameters["shared"]!.GetValue<long>(), parameters["student"]!.GetValue<long>());
        Assert.Equal(topics.ParameterCount + scores.ParameterCount, parameters["single"]!.GetValue<long>());
        Assert.NotNull(summary["tasks"]!["scores"]!["student"]!["metrics"]!["pearson"]);
        Assert.NotNull(summary["tasks"]!["topics"]!["sharing"]!["difference"]);
    }

    [Fact]
    public void A_student_of_its_own_makes_as_many_updates_as_its_task_had_batches()
    {
        var run = _work.Distill("tasks.yaml", "run", "--set", "distill.accumulate=1", "--set", "control=false", "--set", "distill.task-sampling=square-root");
        var record = Workplace.Record(run);
        Assert.DoesNotContain(record.Events, e => e is ArmStarted { Arm: "control" });
        var singles = record.Events.OfType<ArmStarted>().Where(a => a.Arm == "single").ToDictionary(a => a.TaskName!, a => a.Steps);
        // 128 and 48 samples in batches of 8: 16 and 6 of 22; by their roots 4 : 2.45, so 14 and 8 in each of three epochs.
        Assert.Equal((42, 24), (singles["topics"], singles["scores"]));
        Assert.Equal(66, record.Events.OfType<ArmStarted>().Single(a => a.Arm == "student").Steps);
    }

    [Fact]
    public void The_same_recipe_gives_the_same_models_and_another_seed_others()
    {
        var (first, second) = (_work.Distill("tasks.yaml", "first"), _work.Distill("tasks.yaml", "second"));
        WholeRun.AreSame(first, second);
        var other = _work.Distill("tasks.yaml", "other", "--set", "seed=4", "--set", "single-task=false");
        Assert.False(Directory.Exists(Path.Combine(other, "topics", "single")));
        Assert.NotEqual(Workplace.Weights(first, "topics/student"), Workplace.Weights(other, "topics/student"));
    }

    [Fact]
    public void Stopped_in_any_arm_it_goes_on_to_the_same_models_figures_and_curves()
    {
        var whole = _work.Distill("tasks.yaml", "whole");
        foreach (var (task, arm) in new[] { ("scores", "teacher"), (null, "student"), (null, "control"), (null, "all-labels"), ("topics", "single") })
        {
            var run = _work.At($"in-{task}-{arm}");
            using var stop = new CancellationTokenSource();
            var watcher = new Watcher(e => { if (e is StepTaken { Step: 3 } step && (step.TaskName, step.Arm) == (task, arm)) stop.Cancel(); });
            Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(Read(), new RunOptions { Out = run }, watcher, stop.Token));
            var answer = _work.Decant("distill", "--resume", run);
            Assert.True(answer.Exit == 0, answer.Error);
            WholeRun.AreSame(whole, run);
            var resumed = Assert.Single(Workplace.Record(run).Events.OfType<Resumed>());
            Assert.Equal((task, arm, 3L), (resumed.TaskName, resumed.Arm, resumed.Step));
        }
    }

    [Fact]
    public void Each_seed_has_its_own_students()
    {
        var run = _work.Distill("tasks.yaml", "run", "--seeds", "2", "--set", "single-task=false", "--set", "distill.epochs=2");
        foreach (var task in new[] { "topics", "scores" })
            Assert.NotEqual(Workplace.Weights(run, $"{task}/student"), Workplace.Weights(Path.Combine(run, "seed-4"), $"{task}/student"));
        Assert.Equal([3, 4], Workplace.Record(run).Events.OfType<Evaluated>().Where(e => e is { TaskName: "scores", Arm: "student" }).Select(e => e.Seed));
    }

    [Fact]
    public void A_task_whose_teacher_has_a_seed_of_its_own_has_one_teacher_for_all_seeds()
    {
        string[] set = ["--seeds", "2", "--set", "single-task=false", "--set", "baseline=none", "--set", "distill.epochs=2"];
        var apart = _work.Distill("tasks.yaml", "apart", set);
        var run = _work.Distill("tasks.yaml", "run", [.. set, "--set", "tasks[0].teacher.seed=3"]);
        var events = Workplace.Record(run).Events;
        Assert.Equal([3], events.OfType<ArmStarted>().Where(a => a is { TaskName: "topics", Arm: "teacher" }).Select(a => a.Seed));
        Assert.Equal([3, 4], events.OfType<ArmStarted>().Where(a => a is { TaskName: "scores", Arm: "teacher" }).Select(a => a.Seed));
        Assert.Equal([3], events.OfType<Evaluated>().Where(e => e is { TaskName: "topics", Arm: "teacher" }).Select(e => e.Seed));
        Assert.False(Directory.Exists(Path.Combine(run, "seed-4", "topics", "teacher")));
        Assert.DoesNotContain(events, e => e is ArmStarted { Arm: "all-labels" });
        // The first seed is as it was, and of the second the task whose teacher is its own.
        Assert.Equal(Workplace.Weights(apart, "topics/student"), Workplace.Weights(run, "topics/student"));
        Assert.Equal(Workplace.Weights(apart, "seed-4/scores/teacher"), Workplace.Weights(run, "seed-4/scores/teacher"));
        Assert.NotEqual(Workplace.Weights(apart, "seed-4/topics/student"), Workplace.Weights(run, "seed-4/topics/student"));
    }

    [Theory]
    [InlineData("baseline=from-scratch", "'from-scratch' is for a student that begins with its teacher's weights, and one of several tasks does not")]
    [InlineData("tasks[0].data.student-labels=null", "'all-labels' is for a student with hidden labels (data.student-labels of a task)")]
    public void A_baseline_that_means_nothing_for_several_tasks_is_refused(string set, string said)
    {
        var answer = _work.Decant("check", _work.At("tasks.yaml"), "--set", "baseline=all-labels", "--set", set);
        Assert.NotEqual(0, answer.Exit);
        Assert.Contains(said, answer.Error);
    }

    [Fact]
    public void A_run_goes_on_with_no_other_recipe()
    {
        var run = _work.At("stopped");
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(Read(), new RunOptions { Out = run }, new Watcher(e => { if (e is StepTaken) stop.Cancel(); }), stop.Token));
        var changed = _work.Decant("distill", _work.At("tasks.yaml"), "--resume", run, "--set", "tasks[1].weight=2");
        Assert.NotEqual(0, changed.Exit);
        Assert.Contains("tasks.1.weight: 0.1, and 2 is given", changed.Error);
        var single = _work.Decant("distill", _work.At("text.yaml"), "--resume", run);
        Assert.Contains("one of the two has 'tasks', and the other has not", single.Error);
    }

    [Fact]
    public void Models_of_a_task_are_compared_on_its_own_test_split()
    {
        var run = _work.Distill("tasks.yaml", "run");
        var answer = _work.Decant("compare", Path.Combine(run, "scores", "student"), Path.Combine(run, "scores", "single"));
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.Contains("Pearson", answer.Out);
        Assert.Equal(0, _work.Decant("predict", Path.Combine(run, "topics", "student"), "kala mita").Exit);
    }

    [Fact]
    public void Check_says_what_it_would_do_task_by_task()
    {
        var answer = _work.Decant("check", _work.At("tasks.yaml"));
        Assert.True(answer.Exit == 0, answer.Error);
        foreach (var line in new[] { "topics: data", "scores: data", "tokenizer", "topics: teacher", "scores: single", "student", "control", "all-labels" })
            Assert.Contains(answer.Out.Split('\n'), l => l.StartsWith(line, StringComparison.Ordinal));
        Assert.Empty(Directory.GetDirectories(_work.Root));
    }

    [Fact]
    public void Tasks_without_their_labels_are_told_all_at_once_before_anything_is_written()
    {
        var answer = _work.Decant(
            "distill", _work.At("tasks.yaml"), "--out", _work.At("run"), "--set", "tasks[0].data.train={ kind: csv, file: train.csv, label: null, classes: [天气, cooking] }", "--set", "tasks[0].data.student-labels=null",
            "--set", "tasks[0].data.split=null", "--set", "tasks[1].data.split=null",
            "--set", "tasks[1].data.train={ kind: csv, file: train.csv }", "--set", "tasks[1].data.test={ kind: csv, file: test.csv }");
        Assert.NotEqual(0, answer.Exit);
        Assert.Contains("tasks[0] (topics): ", answer.Error);
        Assert.Contains("none of the 160 training samples has a label, and classification needs classes", answer.Error);
        Assert.Contains("tasks[1] (scores): ", answer.Error);
        Assert.Contains("regression needs numbers, and the training samples have classes", answer.Error);
        Assert.Contains("2 tasks have faults; nothing was started.", answer.Error);
        Assert.False(Directory.Exists(_work.At("run")));
    }

    [Fact]
    public void Training_a_teacher_alone_wants_a_recipe_of_one_task() =>
        Assert.Contains("the recipe has several tasks, and one is expected here", _work.Decant("train", _work.At("tasks.yaml")).Error);

    [Fact]
    public void Images_of_two_sets_share_a_trunk_too()
    {
        _work.WriteImages("other", 90, 8, seed: 9, classes: 2);
        _work.WriteImages("other-test", 40, 8, seed: 8, classes: 2);
        _work.Write("images.yaml", Images);
        var record = Workplace.Record(_work.Distill("images.yaml", "run"));
        Assert.Equal(2, record.Tasks.Count);
        Assert.All(record.Events.OfType<Evaluated>().Where(e => e.Arm == "student"), e => Assert.True(e.Metrics["accuracy"] > 0.4));
    }

    private const string Images = """
        name: images
        threads: 1
        tasks:
          - name: three
            data:
              train: { kind: idx, images: train-images, labels: train-labels }
              test: { kind: idx, images: test-images, labels: test-labels }
            teacher: &teacher
              model: { kind: mlp, hidden: [16] }
              train: { epochs: 2, batch: 20, optimizer: { kind: sgd, learning-rate: 0.1, momentum: 0.9 } }
            objectives: [ { kind: soft-targets, temperature: 4 } ]
          - name: two
            data:
              train: { kind: idx, images: other-images, labels: other-labels }
              test: { kind: idx, images: other-test-images, labels: other-test-labels }
            teacher: *teacher
            objectives: [ { kind: soft-targets } ]
        input: { kind: image }
        student:
          model: { kind: mlp, hidden: [6] }
        distill:
          epochs: 3
          batch: 20
          optimizer: { kind: sgd, learning-rate: 0.1, momentum: 0.9 }
        single-task: false
        control: false
        evaluate: { bootstrap: 100, latency-runs: 0 }
        """;

    private MultiTaskRecipe Read() => new RecipeReader(Catalog.Standard.Kinds).Read(_work.At("tasks.yaml")).MultiTask!;

    private static string Scores(int count, int seed)
    {
        var random = new Random(seed);
        var lines = Enumerable.Range(0, count).Select(i => random.Next(6) is var glad
            ? $"{string.Join(' ', Enumerable.Repeat("glad", glad).Concat(Enumerable.Repeat("gloom", 5 - glad)))} {(char)('a' + (i % 26))}{i}{seed},{glad}" : "");
        return "text,score\n" + string.Join('\n', lines) + "\n";
    }
}
