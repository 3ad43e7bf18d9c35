using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs;

public sealed class ImageFlowTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void The_same_recipe_gives_the_same_models_and_another_seed_others()
    {
        string[] runs = [_work.Distill("image.yaml", "a"), _work.Distill("image.yaml", "b"), _work.Distill("image.yaml", "c", "--set", "seed=6")];
        foreach (var arm in new[] { "teacher", "student", "control" })
        {
            Assert.Equal(["config.json", "model.safetensors"], Directory.GetFiles(Path.Combine(runs[0], arm)).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            Assert.Equal(Workplace.Weights(runs[0], arm), Workplace.Weights(runs[1], arm));
            Assert.NotEqual(Workplace.Weights(runs[0], arm), Workplace.Weights(runs[2], arm));
        }

        var figures = Workplace.Record(runs[0]).Events.OfType<Evaluated>().ToDictionary(e => e.Arm);
        Assert.True(figures[Arms.Teacher].Metrics["accuracy"] > 0.9, "a teacher that learned");
        Assert.Equal(60, figures[Arms.Student].Samples);
        Assert.NotNull(figures[Arms.Student].Agreement);
    }

    [Fact]
    public void A_training_in_bfloat16_learns_as_well_can_be_repeated_and_leaves_models_in_float32()
    {
        string[] lower = ["--set", "teacher.train.precision=bfloat16", "--set", "distill.precision=bfloat16"];
        string[] runs = [_work.Distill("image.yaml", "whole"), _work.Distill("image.yaml", "a", lower), _work.Distill("image.yaml", "b", lower)];
        foreach (var arm in new[] { "teacher", "student", "control" })
        {
            Assert.Equal(Workplace.Weights(runs[1], arm), Workplace.Weights(runs[2], arm));
            Assert.NotEqual(Workplace.Weights(runs[0], arm), Workplace.Weights(runs[1], arm));
            Assert.Equal(Workplace.Weights(runs[0], arm).Length, Workplace.Weights(runs[1], arm).Length);
        }

        Assert.True(Workplace.Record(runs[1]).Events.OfType<Evaluated>().Single(e => e.Arm == Arms.Teacher).Metrics["accuracy"] > 0.9, "a teacher that learned");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(13)]
    public void A_number_of_steps_is_kept_exactly_by_student_and_control(int steps)
    {
        var recipe = _work.Write("steps.yaml", Workplace.Image.Replace("  epochs: 2\n", $"  steps: {steps}\n", StringComparison.Ordinal));
        var run = _work.Distill(recipe, "steps");
        var record = Workplace.Record(run).Events;
        foreach (var arm in new[] { Arms.Student, Arms.Control })
        {
            Assert.Equal(steps, record.OfType<ArmStarted>().Single(a => a.Arm == arm).Steps);
            Assert.Equal(steps, record.OfType<StepTaken>().Where(s => s.Arm == arm).Max(s => s.Step));
        }
    }

    [Fact]
    public void Early_stopping_ends_an_arm_and_keeps_its_best_weights()
    {
        var yaml = Workplace.Image.Replace("labels: test-labels }\n", "labels: test-labels }\n  split: { validation: 0.25 }\n", StringComparison.Ordinal)
            .Replace("  epochs: 2\n", "  epochs: 50\n  early-stopping: { patience: 1 }\n", StringComparison.Ordinal);
        var run = _work.Distill(_work.Write("early.yaml", yaml), "early");
        var arm = Workplace.Record(run).Events.OfType<ArmFinished>().Single(a => a.Arm == Arms.Student);
        Assert.Equal("the validation metric had stopped improving", arm.Stopped);
        var scores = Workplace.Record(run).Events.OfType<Validated>().Where(v => v.Arm == Arms.Student).ToArray();
        Assert.True(scores.Length < 50);
        Assert.Equal(scores.Max(s => s.Metrics["accuracy"]), arm.BestMetric);
        Assert.Equal(scores.First(s => s.Metrics["accuracy"] == arm.BestMetric).Step, arm.BestStep);
    }

    [Fact]
    public void A_class_that_is_left_out_of_the_transfer_set_is_told_with_and_without_its_bias_tuned()
    {
        var yaml = Workplace.Image.Replace("labels: test-labels }\n", "labels: test-labels }\n  split: { validation: 0.25 }\n", StringComparison.Ordinal)
            .Replace("  objectives:\n    - { kind: soft", "  transfer-set: { without-classes: ['1'] }\n  objectives:\n    - { kind: soft", StringComparison.Ordinal)
            .Replace("latency-runs: 0", "latency-runs: 0, tune-bias: ['1']", StringComparison.Ordinal);
        var run = _work.Distill(_work.Write("without.yaml", yaml), "without");
        var notes = Workplace.Record(run).Events.OfType<RunNote>().Select(n => n.Text).Where(t => t.Contains("with the bias of class 1 raised by", StringComparison.Ordinal)).ToArray();
        Assert.Contains(notes, n => n.StartsWith("student, seed 5:", StringComparison.Ordinal));
        // 90 samples to train on, 30 of them of class 1: 60 in batches of 20, twice.
        Assert.Equal(6, Workplace.Record(run).Events.OfType<ArmStarted>().Single(a => a.Arm == Arms.Student).Steps);
    }

    [Fact]
    public void Samples_that_two_parts_share_are_dropped_or_refused_as_the_recipe_says()
    {
        var yaml = Workplace.Image.Replace("images: test-images, labels: test-labels", "images: train-images, labels: train-labels", StringComparison.Ordinal);
        _work.Write("same.yaml", yaml.Replace("input: {", "  split: { overlap: refuse }\ninput: {", StringComparison.Ordinal));
        var refused = _work.Decant("distill", _work.At("same.yaml"), "--out", _work.At("same"));
        Assert.Equal(2, refused.Exit);
        Assert.Contains("120 of the 120 test samples are in the training split too", refused.Error);
    }
}
