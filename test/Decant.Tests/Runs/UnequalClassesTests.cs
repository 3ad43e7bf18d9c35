using Decant.Data.Batching;
using Decant.Objectives.Logits;
using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Tests.Runs.Resuming;

namespace Decant.Tests.Runs;

/// <summary>Classes of very different sizes, through whole runs.</summary>
public sealed class UnequalClassesTests : IDisposable
{
    private static readonly string s_unequal = Workplace.Image
        .Replace("labels: test-labels }\n", "labels: test-labels }\n  imbalance-factor: 10\n", StringComparison.Ordinal)
        .Replace("  objectives:\n    - { kind: soft-targets, temperature: 4 }\n", """
              sampling: { classes: square-root }
              augment: { shift: 1 }
              objectives:
                - { kind: soft-targets, temperature: 4, weight: 0.5 }
                - { kind: labels, loss: balanced-softmax, weight: 0.5 }
            checkpoints: { every-steps: 2 }

            """, StringComparison.Ordinal);

    private readonly Workplace _work = new();

    public UnequalClassesTests() => _work.Write("unequal.yaml", s_unequal);

    public void Dispose() => _work.Dispose();

    [Fact]
    public void A_long_tailed_run_tells_its_tail_and_how_head_middle_and_tail_are_recognised()
    {
        var answer = _work.Decant("distill", _work.At("unequal.yaml"), "--out", _work.At("run"));
        Assert.True(answer.Exit == 0, answer.Error);
        // 40 of each class: 40, 12.6 and 4 remain.
        Assert.Contains("The training split was made long-tailed, 10 : 1: it keeps 57 samples, from 40 of 0 down to 4 of 2.", answer.Out.ReplaceLineEndings(" "));
        Assert.Contains("Recall, tail", answer.Out);
        Assert.Contains("Tail classes (1, of 4 training samples each): student", answer.Out);
        var record = Workplace.Record(_work.At("run")).Events;
        var groups = Assert.Single(record.OfType<ClassGroupsCompared>()).Groups;
        Assert.Equal(["head", "middle", "tail"], groups.Select(g => g.Name));
        Assert.Equal([40, 13, 4], groups.Select(g => (int)g.Most));
        foreach (var evaluated in record.OfType<Evaluated>())
            Assert.Equal(evaluated.PerClass[2].Recall, evaluated.Metrics["recall-tail"], 1e-12);
        Assert.Equal(groups[2].Recall[Arms.Student] - groups[2].Recall[Arms.Control], groups[2].Difference!.Value, 1e-12);
        Assert.Contains("Frequent and rare classes", File.ReadAllText(_work.At("run", "report.html")));
        Assert.Contains("Recall, tail", _work.Decant("evaluate", _work.At("run")).Out);
    }

    [Fact]
    public void Classes_of_equal_size_have_no_head_and_no_tail()
    {
        var record = Workplace.Record(_work.Distill("image.yaml", "run")).Events;
        Assert.Empty(record.OfType<ClassGroupsCompared>());
        Assert.DoesNotContain("recall-tail", record.OfType<Evaluated>().First().Metrics.Keys);
    }

    [Fact]
    public void Stopped_in_the_middle_of_an_epoch_that_draws_classes_again_it_goes_on_to_the_same_models()
    {
        var whole = _work.Distill("unequal.yaml", "whole");
        foreach (var arm in new[] { Arms.Student, Arms.Control })
        {
            using var stop = new CancellationTokenSource();
            var run = _work.At($"in-{arm}");
            // 57 samples in batches of 20: an epoch is 3 updates.
            Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(
                _work.Recipe("unequal.yaml"), new RunOptions { Out = run }, new Watcher(e => { if (e is StepTaken s && (s.Arm, s.Step) == (arm, 4)) stop.Cancel(); }), stop.Token));
            Assert.Equal(0, _work.Decant("distill", "--resume", run, "--quiet").Exit);
            WholeRun.AreSame(whole, run);
        }
    }

    [Fact]
    public void The_control_draws_as_the_student_does_and_has_its_form_of_labels()
    {
        var recipe = _work.Recipe("unequal.yaml", "data.student-labels=30");
        using var data = DataPreparation.Prepare(Catalog.Standard, recipe, default);
        var arms = new RecipeArms(Catalog.Standard, recipe, data);
        using var teacher = arms.NewTeacher(5);
        using var student = arms.NewStudent(5, teacher);
        using var frozen = data.Teacher(teacher);
        var pupil = arms.Students[^1];
        var (taught, control) = (arms.Of(pupil, Assert.Single(arms.StagesOf(pupil, student, teacher)), 5, student, frozen), arms.Control(5, student, teacher));
        // 21, 7 and 2 labels: the square roots 4.58, 2.65 and 1.41 of 8.64.
        Assert.Equal(LabelForm.BalancedSoftmax, Assert.Single(control.Objectives).As<Labels>().Loss);
        Assert.Equal([16, 9, 5], Draws(data.Batches(control.Samples, control.Fit, 1)));
        Assert.Equal([16, 9, 5], Draws(data.Batches(taught.Samples, taught.Fit, 1)));
        Assert.Equal([16L, 9, 5], data.ClassCounts(control.Samples, control.Fit));
        Assert.Equal(data.ClassCounts(control.Samples, control.Fit), data.ClassCounts(taught.Samples, taught.Fit));
    }

    [Fact]
    public void The_class_counts_that_an_objective_sees_are_those_that_are_drawn()
    {
        var recipe = _work.Recipe("unequal.yaml", "distill.sampling=null");
        using var data = DataPreparation.Prepare(Catalog.Standard, recipe, default);
        Assert.Equal([40L, 13, 4], data.ClassCounts(data.TransferSet, recipe.Distill));
        Assert.Equal([19L, 19, 19], data.ClassCounts(data.TransferSet, recipe.Distill with { Sampling = new ClassSampling { Classes = ClassShares.Balanced } }));
    }

    [Fact]
    public void Options_of_labels_that_contradict_each_other_are_refused_before_anything_starts()
    {
        var answer = _work.Decant("distill", _work.At("unequal.yaml"), "--out", _work.At("out"), "--set", "distill.objectives=[{ kind: soft-targets }, { kind: labels, gamma: 2 }]");
        Assert.Equal(2, answer.Exit);
        Assert.Contains("'gamma' belongs to 'loss: focal'", answer.Error);
        Assert.False(Directory.Exists(_work.At("out")));
    }

    private static int[] Draws(IBatchSource batches)
    {
        var counts = new int[3];
        foreach (var batch in batches.Enumerate(0))
        {
            using (batch)
            {
                foreach (var label in batch.Labels.ToArray<long>().Where(label => label != Batch.NoLabel)) counts[label]++;
            }
        }

        return counts;
    }
}
