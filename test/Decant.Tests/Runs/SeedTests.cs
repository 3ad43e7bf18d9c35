using Decant.Data;
using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Preparing;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Tests.Runs.Resuming;
using Decant.Torch;

namespace Decant.Tests.Runs;

/// <summary>What the seeds of a run have each for themselves, and what they share.</summary>
public sealed class SeedTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Every_seed_draws_the_labels_anew_for_student_and_control_alike()
    {
        var recipe = _work.Recipe("text.yaml").WithSeeds(3);
        using var data = DataPreparation.Prepare(Catalog.Standard, recipe, default);
        var subsets = recipe.RunSeeds().Select(seed => Labelled(data.ForSeed(seed).TransferSet)).ToArray();
        Assert.All(subsets, subset => Assert.Equal(40, subset.Length));
        Assert.NotEqual(subsets[0], subsets[1]);
        Assert.NotEqual(subsets[0], subsets[2]);
        Assert.NotEqual(subsets[1], subsets[2]);
        foreach (var (seed, subset) in recipe.RunSeeds().Zip(subsets))
        {
            // The control has the same ones, the teacher all, and the split is one.
            Assert.Equal(subset, Labelled(data.ForSeed(seed).LabelledTransferSet));
            Assert.Equal(40, data.ForSeed(seed).LabelledTransferSet.Count);
            Assert.Same(data.Train, data.ForSeed(seed).Train);
            Assert.Same(data.Test, data.ForSeed(seed).Test);
            Assert.Same(data.ForSeed(seed), data.ForSeed(seed));
        }

        // A seed has its labels whichever seeds stand beside it, and a seed of the split changes them.
        using var alone = DataPreparation.Prepare(Catalog.Standard, _work.Recipe("text.yaml", "seed=5"), default);
        Assert.Equal(subsets[2], Labelled(alone.TransferSet));
        Assert.NotEqual(Seeding.Labels(0, 3), Seeding.Labels(1, 3));
    }

    [Fact]
    public void Where_nothing_is_hidden_all_seeds_have_the_same_samples()
    {
        using var data = DataPreparation.Prepare(Catalog.Standard, _work.Recipe("text.yaml", "data.student-labels=null").WithSeeds(2), default);
        Assert.Same(data, data.ForSeed(4));
    }

    [Fact]
    public void A_resumed_run_knows_the_labels_of_every_seed()
    {
        var recipe = _work.Recipe("text.yaml").WithSeeds(2);
        using var data = DataPreparation.Prepare(Catalog.Standard, recipe, default);
        var parts = DataFingerprint.Of(PreparedRun.Of(recipe, data));
        Assert.Equal(DataFingerprint.Of(data.ForSeed(4).TransferSet), parts["the student's transfer set of seed 4"]);
        Assert.NotEqual(parts["the student's transfer set"], parts["the student's transfer set of seed 4"]);
        // What a teacher is asked is the same for both.
        Assert.Equal(DataFingerprint.OfContents(data.TransferSet), DataFingerprint.OfContents(data.ForSeed(4).TransferSet));
    }

    [Fact]
    public void A_teacher_with_a_seed_of_its_own_is_trained_measured_and_written_once()
    {
        string[] set = ["--seeds", "3", "--set", "baseline=none", "--set", "evaluate.latency-runs=0", "--set", "distill.warm-up=null"];
        var apart = _work.Distill("text.yaml", "apart", set);
        var run = _work.Distill("text.yaml", "run", [.. set, "--set", "teacher.seed=3"]);
        var events = Workplace.Record(run).Events;
        Assert.Equal(["teacher 3", "student 3", "control 3", "student 4", "control 4", "student 5", "control 5"], events.OfType<ArmStarted>().Select(a => $"{a.Arm} {a.Seed}"));
        Assert.Equal(
            ["teacher 3", "student 3", "control 3", "student 4", "control 4", "student 5", "control 5"], events.OfType<Evaluated>().Select(e => $"{e.Arm} {e.Seed}"));
        Assert.False(Directory.Exists(Path.Combine(run, "seed-4", "teacher")));
        // The first seed is what it was; those after it learn from the first's teacher, and their controls from none.
        Assert.Equal(Workplace.Weights(apart, "teacher"), Workplace.Weights(run, "teacher"));
        Assert.Equal(Workplace.Weights(apart, "student"), Workplace.Weights(run, "student"));
        Assert.NotEqual(Workplace.Weights(apart, "seed-4/student"), Workplace.Weights(run, "seed-4/student"));
        Assert.Equal(Workplace.Weights(apart, "seed-4/control"), Workplace.Weights(run, "seed-4/control"));
        var gap = events.OfType<Comparison>().Single(c => c.A == Arms.Teacher);
        double Mean(string arm) => events.OfType<Evaluated>().Where(e => e.Arm == arm).Average(e => e.Metrics["accuracy"]);
        Assert.Equal(Mean(Arms.Teacher) - Mean(Arms.Student), gap.Difference, 12);
        Assert.Contains("The teacher is one for all of them.", File.ReadAllText(Path.Combine(run, "report.html")));
    }

    [Fact]
    public void A_seed_of_the_teacher_that_is_none_of_the_runs_trains_the_teacher_of_a_run_with_that_seed()
    {
        string[] set = ["--set", "baseline=none", "--set", "evaluate.latency-runs=0", "--set", "distill.epochs=1"];
        var own = _work.Distill("text.yaml", "own", [.. set, "--set", "seed=8"]);
        var run = _work.Distill("text.yaml", "run", [.. set, "--set", "teacher.seed=8"]);
        Assert.Equal(Workplace.Weights(own, "teacher"), Workplace.Weights(run, "teacher"));
        Assert.NotEqual(Workplace.Weights(own, "control"), Workplace.Weights(run, "control"));
        Assert.Equal([8L, 3, 3], Workplace.Record(run).Events.OfType<Evaluated>().Select(e => e.Seed));
    }

    [Fact]
    public void A_run_with_one_teacher_that_was_stopped_goes_on_to_the_same_models()
    {
        _work.Write("kill.yaml", KillRecipes.Remembered);
        string[] set = ["seed=null", "seeds=[3, 4]", "teacher.seed=9"];
        var whole = _work.Distill("kill.yaml", "whole", [.. set.SelectMany(s => new[] { "--set", s })]);
        foreach (var (arm, seed) in new[] { (Arms.Teacher, 9L), (Arms.Student, 3L), (Arms.Student, 4L), (Arms.Control, 4L) })
        {
            var run = _work.At($"in-{arm}-{seed}");
            using var stop = new CancellationTokenSource();
            var watcher = new Watcher(e => { if (e is StepTaken { Step: 2 } step && (step.Arm, step.Seed) == (arm, seed)) stop.Cancel(); });
            Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(_work.Recipe("kill.yaml", set), new RunOptions { Out = run }, watcher, stop.Token));
            Assert.Equal(0, _work.Decant("distill", "--resume", run, "--quiet").Exit);
            WholeRun.AreSame(whole, run);
        }
    }

    [Fact]
    public void Members_of_an_ensemble_are_shared_one_by_one()
    {
        var members = Workplace.Image.Replace(
            "teacher:\n  model: { kind: mlp, hidden: [16] }\n  train:\n",
            "teachers:\n  - name: one\n    seed: 5\n    model: { kind: mlp, hidden: [16] }\n    train: &train\n  X",
            StringComparison.Ordinal);
        var at = members.IndexOf("  X", StringComparison.Ordinal);
        var end = members.IndexOf("student:", StringComparison.Ordinal);
        var train = string.Join('\n', members[(at + 3)..end].TrimEnd().Split('\n').Select(line => "  " + line));
        var recipe = members[..at] + train + "\n  - name: two\n    model: { kind: mlp, hidden: [8] }\n    train: *train\n" + members[end..];
        _work.Write("ensemble.yaml", recipe);
        var apart = _work.Distill("ensemble.yaml", "apart", "--seeds", "2", "--set", "teachers[0].seed=null");
        var run = _work.Distill("ensemble.yaml", "run", "--seeds", "2");
        Assert.Equal(["teacher-one 5", "teacher-two 5", "teacher-two 6"], Workplace.Record(run).Events.OfType<ArmStarted>().Where(a => Arms.MemberName(a.Arm) is not null).Select(a => $"{a.Arm} {a.Seed}"));
        Assert.Equal([5L, 6], Workplace.Record(run).Events.OfType<Evaluated>().Where(e => e.Arm == Arms.Teacher).Select(e => e.Seed));
        Assert.Equal(Workplace.Weights(apart, "student"), Workplace.Weights(run, "student"));
        Assert.Equal(Workplace.Weights(apart, "seed-6/teacher-two"), Workplace.Weights(run, "seed-6/teacher-two"));
        Assert.False(Directory.Exists(Path.Combine(run, "seed-6", "teacher-one")));
        Assert.Contains("../../teacher-one", File.ReadAllText(Path.Combine(run, "seed-6", "teacher", "ensemble.json")));

        var all = _work.Distill("ensemble.yaml", "all", "--seeds", "2", "--set", "teachers[1].seed=5");
        Assert.Equal([5L], Workplace.Record(all).Events.OfType<Evaluated>().Where(e => e.Arm == Arms.Teacher).Select(e => e.Seed));
        Assert.Equal(Workplace.Weights(apart, "student"), Workplace.Weights(all, "student"));
        Assert.False(Directory.Exists(Path.Combine(all, "seed-6", "teacher")));
    }

    [Fact]
    public void A_loaded_teacher_is_made_once_and_the_models_of_a_seed_do_not_outlive_it()
    {
        var trained = _work.Decant("train", _work.At("image.yaml"), "--quiet", "--out", _work.At("first"));
        Assert.True(trained.Exit == 0, trained.Error);
        var most = new[] { 2, 5 }.Select(Most).ToArray();
        Assert.Equal(most[0], most[1]);

        // The most tensors that are alive when an arm begins.
        long Most(int seeds)
        {
            long most = 0;
            var recipe = _work.Recipe("image.yaml", $"teacher={{ load: {_work.At("first", "teacher")} }}").WithSeeds(seeds);
            var result = new DistillJob(Catalog.Standard).Run(recipe, new RunOptions { Out = _work.At($"of-{seeds}") }, new Watcher(e =>
            {
                if (e is ArmStarted) most = Math.Max(most, Tensor.LiveCount);
            }));
            Assert.Single(result.Record.Events.OfType<ModelDescribed>(), m => m.Role == Arms.Teacher);
            Assert.Single(result.Record.Events.OfType<Evaluated>(), m => m.Arm == Arms.Teacher);
            Assert.Equal(seeds, result.Record.Events.OfType<Evaluated>().Count(m => m.Arm == Arms.Student));
            return most;
        }
    }

    [Fact]
    public void A_plan_counts_a_teacher_of_all_seeds_once()
    {
        string[] set = ["baseline=none", "teacher.seed=3", "threads=1"];
        var lines = new PlanJob(Catalog.Standard).Run(_work.Recipe("text.yaml", set).WithSeeds(3)).ToDictionary(l => l.Title, l => l.Text);
        Assert.EndsWith(", once for all seeds", lines["teacher"]);
        Assert.DoesNotContain("once", lines["control"]);
        Assert.StartsWith("3 seeds, about ", lines["total"]);
    }

    private static SampleId[] Labelled(Dataset samples) => [.. Enumerable.Range(0, samples.Count).Where(samples.IsLabelled).Select(samples.IdOf).OrderBy(id => id.Value)];
}
