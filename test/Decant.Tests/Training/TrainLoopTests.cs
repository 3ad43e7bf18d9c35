using Decant.Objectives.Logits;
using Decant.Signals;
using Decant.Torch;
using Decant.Training;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

namespace Decant.Tests.Training;

public class TrainLoopTests
{
    private static readonly long[] s_unevenLabels = [0, -100, 1, 2, 0, -100, -100, -100, 1, 2, -100, 0];

    [Fact]
    public void Four_accumulated_batches_with_uneven_labels_are_one_big_batch()
    {
        // 3, 1, 2 and 1 labels in batches of 4, 4, 3 and 1: an average of averages would weigh them alike.
        var (whole, split) = (After(1, 12), After(4, 4, 4, 3, 1));
        Assert.Equal(whole.Weights.Length, split.Weights.Length);
        foreach (var (a, b) in whole.Weights.Zip(split.Weights))
            Assert.Equal(a, b, 1e-6f);
        Assert.Equal(whole.Report.Loss, split.Report.Loss, 1e-6);
        Assert.Equal(whole.Report.Samples, split.Report.Samples);

        static (float[] Weights, StepReport Report) After(int accumulate, params int[] sizes)
        {
            // SGD at rate 1 moves the weights by the gradient itself.
            using var run = new TrainingRun(dropout: 0, change: p => Plain(p) with { Accumulate = accumulate, Batches = new TinySource(s_unevenLabels, sizes) });
            run.Run();
            return (run.Student.Numbers(), Assert.Single(run.Observer.Steps));
        }
    }

    [Fact]
    public void The_loss_is_the_weighted_sum_of_every_objectives_own_mean()
    {
        using var run = new TrainingRun(dropout: 0, change: p => Plain(p) with
        {
            Objectives = [new(new SoftTargetsObjective(), 0.5), new(new LabelsObjective(), 2), new(new LogitsMseObjective(), 0)],
            Batches = new TinySource(s_unevenLabels, 12),
        });
        run.Run();
        var report = Assert.Single(run.Observer.Steps);
        Assert.Equal(["labels", "soft-targets"], report.Parts.Keys.Order());
        Assert.Equal(0.5 * report.Parts["soft-targets"] + 2 * report.Parts["labels"], report.Loss, 1e-9);

        using var scope = TensorScope.Open();
        using var fresh = new TinyModel();
        using var batch = new TinySource(s_unevenLabels, 12).Enumerate(0).Single();
        var (sum, count) = new LabelsObjective().Compute(new StudentOutput(fresh.Forward(batch.ToInput())), null, batch);
        Assert.Equal(7, count);
        Assert.Equal(sum.Detach().Item() / 7, report.Parts["labels"], 1e-6);
    }

    [Fact]
    public void Two_objectives_of_one_kind_are_told_apart_and_one_that_counts_nothing_is_left_out()
    {
        using var run = new TrainingRun(change: p => Plain(p) with
        {
            Objectives = [new(new SoftTargetsObjective(), 1), new(new SoftTargetsObjective(new SoftTargets { Temperature = 9 }), 1), new(new LabelsObjective(), 1)],
            Batches = new TinySource([-100, -100], 2),
        });
        run.Run();
        Assert.Equal(["soft-targets", "soft-targets-2"], Assert.Single(run.Observer.Steps).Parts.Keys.Order());
    }

    [Fact]
    public void A_convex_balance_is_the_mixture_alpha_soft_and_1_minus_alpha_hard()
    {
        var convex = WeightedObjective.Convex([new(new SoftTargetsObjective(), 3), new(new LabelsObjective(), 1)]);
        Assert.Equal([0.75, 0.25], convex.Select(o => o.Weight.At(0.5)));
        Assert.Throws<DecantException>(() => WeightedObjective.Convex([new(new LabelsObjective(), 0)]));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_gives_others()
    {
        Assert.Equal(Weights(3), Weights(3));
        Assert.NotEqual(Weights(3), Weights(4));

        static float[] Weights(ulong seed)
        {
            using var run = new TrainingRun();
            run.Run(seed: seed);
            return run.Student.Numbers();
        }
    }

    [Fact]
    public void It_learns()
    {
        using var run = new TrainingRun(dropout: 0, change: p => Plain(p) with { Batches = TinySource.OfSize(3, 8), Epochs = 60, LearningRate = 0.2 });
        run.Run();
        Assert.True(run.Observer.Steps[^1].Loss < run.Observer.Steps[0].Loss / 2, $"from {run.Observer.Steps[0].Loss} to {run.Observer.Steps[^1].Loss}");
    }

    [Fact]
    public void The_last_batches_of_an_epoch_make_an_update_however_few_they_are()
    {
        using var run = new TrainingRun(change: p => p with { Accumulate = 3, Epochs = 2 });
        var result = run.Run();
        Assert.Equal(4, result.Steps);
        Assert.Equal([12, 10, 12, 10], run.Observer.Steps.Select(s => s.Samples));      // batches of 4, 5, 3 and of 4, 6
        Assert.Equal(TrainLoop.StepsPerEpoch(run.Plan.Batches, 3) * 2, result.Steps);
        Assert.Equal([1, 1, 2, 2], run.Observer.Steps.Select(s => s.Epoch));
        Assert.Equal([1, 2, 3, 4], run.Observer.Steps.Select(s => s.Step));
    }

    [Fact]
    public void The_learning_rate_of_every_step_is_the_schedules()
    {
        using var run = new TrainingRun(change: p => p with { Schedule = new LinearSchedule(12, new LinearDecay { WarmUp = 0.25 }), LearningRate = 2 });
        run.Run();
        Assert.Equal(12, run.Observer.Steps.Count);
        Assert.All(run.Observer.Steps, s => Assert.Equal(2 * run.Plan.Schedule.FactorAt(s.Step - 1), s.LearningRate, 1e-12));
        Assert.All(run.Observer.Steps, s => Assert.Equal(12, s.TotalSteps));
    }

    [Fact]
    public void The_teacher_is_asked_only_where_an_objective_needs_it()
    {
        using var alone = new TrainingRun(change: p => p with { Objectives = [new(new LabelsObjective(), 1), new(new SoftTargetsObjective(), 0)] });
        alone.Run();
        Assert.Equal(0, alone.Teacher.Asked);
        using var taught = new TrainingRun();
        taught.Run();
        Assert.Equal(5 * 4, taught.Teacher.Asked);
    }

    [Fact]
    public void An_update_in_which_nothing_counts_is_told_and_changes_nothing()
    {
        using var run = new TrainingRun(change: p => Plain(p) with { Objectives = [new(new LabelsObjective(), 1)], Batches = new TinySource([-100, -100, 0, -100, 1], 2, 1, 1, 1) });
        var before = run.Student.Numbers();
        var result = run.Run();
        Assert.Equal([1, 3], run.Observer.Empty);
        Assert.Equal([2, 4], run.Observer.Steps.Select(s => s.Step));
        Assert.Equal(4, result.Steps);
        Assert.Equal(2, run.Student.Answers);
        Assert.NotEqual(before, run.Student.Numbers());
    }

    [Fact]
    public void An_unlabelled_batch_inside_a_window_adds_nothing()
    {
        Assert.Equal(Weights([0, 1, 2], 3), Weights([0, 1, 2, -100, -100], 3, 2));

        static float[] Weights(long[] labels, params int[] sizes)
        {
            using var run = new TrainingRun(dropout: 0, change: p => Plain(p) with { Objectives = [new(new LabelsObjective(), 1)], Accumulate = 2, Batches = new TinySource(labels, sizes) });
            run.Run();
            return run.Student.Numbers();
        }
    }

    [Fact]
    public void A_parameter_that_takes_no_part_is_left_alone()
    {
        using var scope = TensorScope.Open();
        var stray = Tensor.Ones([2, 2]);
        stray.RequiresGrad = true;
        using var run = new TrainingRun(change: p => p with
        {
            Optimizer = new SgdOptimizer(Optimizer.GroupByDecay([.. p.Student.NamedParameters(), new("stray", stray)], 0.5), new Sgd { LearningRate = 1 }),
        });
        run.Run();
        Assert.Equal([1, 1, 1, 1], stray.ToArray<float>());
    }

    /// <summary>Labels and teacher, SGD at rate 1, one epoch, nothing else.</summary>
    internal static TrainingPlan Plain(TrainingPlan plan) => plan with
    {
        Optimizer = new SgdOptimizer(Optimizer.GroupByDecay(plan.Student.NamedParameters(), 0), new Sgd { LearningRate = 1 }),
        Schedule = new ConstantSchedule(1, new ConstantRate()),
        LearningRate = 1,
        Epochs = 1,
        Accumulate = 1,
        ClipNorm = null,
        L1 = 0,
        Validate = null,
    };
}
