using Decant.Objectives.Logits;
using Decant.Training;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

namespace Decant.Tests.Training;

/// <summary>What a plan says once: the learning rate, and how long the training is.</summary>
public sealed class PlanLengthTests
{
    [Theory]
    [InlineData(1, null, 24)]
    [InlineData(4, null, 6)]
    [InlineData(3, null, 8)]
    [InlineData(5, null, 6)]
    [InlineData(4, 5L, 5)]
    public void A_cosine_without_a_length_ends_with_the_training_however_many_batches_make_an_update(int accumulate, long? steps, int updates)
    {
        using var model = new TinyModel();
        using var optimizer = Sgd(model, 0.2);
        var recorder = new Recorder();
        var plan = Plan(model, optimizer, new CosineSchedule(new CosineDecay())) with { Accumulate = accumulate, Steps = steps };
        Assert.Equal(updates, plan.Updates);
        using var loop = new TrainLoop(plan, recorder);
        loop.Run();
        var given = new CosineSchedule(updates, new CosineDecay());
        Assert.Equal(Enumerable.Range(0, updates).Select(step => 0.2 * given.FactorAt(step)), recorder.Steps.Select(s => s.LearningRate));
        Assert.All(recorder.Steps, s => Assert.Equal(updates, s.TotalSteps));
        Assert.True(recorder.Steps[^1].LearningRate < 0.03, $"{recorder.Steps[^1].LearningRate}");
    }

    [Fact]
    public void A_schedule_of_another_length_than_the_training_is_refused_with_both()
    {
        using var model = new TinyModel();
        using var optimizer = Sgd(model, 0.2);
        foreach (Schedule schedule in new Schedule[] { new CosineSchedule(24, new CosineDecay()), new LinearSchedule(24, new LinearDecay()), new StepSchedule(24, new StepDecay()), new ConstantSchedule(24, new ConstantRate { WarmUp = 0.1 }) })
        {
            var message = Assert.Throws<DecantException>(() => new TrainLoop(Plan(model, optimizer, schedule) with { Accumulate = 4 })).Message;
            Assert.Contains("24 updates", message, StringComparison.Ordinal);
            Assert.Contains("has 6 (2 epochs of 12 batches, 4 to an update)", message, StringComparison.Ordinal);
            new TrainLoop(Plan(model, optimizer, schedule)).Dispose();
        }

        new TrainLoop(Plan(model, optimizer, new ConstantSchedule(99, new ConstantRate()))).Dispose(); // its factor is 1 at any length
    }

    [Fact]
    public void A_schedule_without_a_length_has_none_before_a_training_gives_it_one()
    {
        using var model = new TinyModel();
        using var optimizer = Sgd(model, 0.2);
        var schedule = new StepSchedule(new StepDecay { At = [0.5], Factor = 0.1 });
        Assert.Throws<InvalidOperationException>(() => schedule.TotalSteps);
        Assert.Throws<InvalidOperationException>(() => schedule.FactorAt(0));
        new TrainLoop(Plan(model, optimizer, schedule)).Dispose();
        Assert.Equal((24L, 1.0, 0.1), (schedule.TotalSteps, schedule.FactorAt(11), schedule.FactorAt(12)));
    }

    [Fact]
    public void The_learning_rate_is_the_optimizers_unless_the_plan_has_one()
    {
        using var model = new TinyModel();
        using var optimizer = Sgd(model, 0.2);
        Assert.Equal([0.2], Rates(Plan(model, optimizer, new ConstantSchedule(new ConstantRate()))).Distinct());
        Assert.Equal([0.3], Rates(Plan(model, optimizer, new ConstantSchedule(new ConstantRate())) with { LearningRate = 0.3 }).Distinct());
        using var adam = new AdamOptimizer(optimizer.Groups, new Adam { LearningRate = 0.01 });
        using var rms = new RmsPropOptimizer(optimizer.Groups, new RmsProp { LearningRate = 0.02 });
        Assert.Equal((0.01, 0.02), (adam.LearningRate, rms.LearningRate));
        using var own = new Silent(optimizer.Groups);
        Assert.Contains("no learning rate", Assert.Throws<DecantException>(() => new TrainLoop(Plan(model, own, new ConstantSchedule(new ConstantRate())))).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<double> Rates(TrainingPlan plan)
    {
        var recorder = new Recorder();
        using var loop = new TrainLoop(plan, recorder);
        loop.Run();
        return recorder.Steps.Select(s => s.LearningRate);
    }

    private static SgdOptimizer Sgd(TinyModel model, double rate) => new(Optimizer.GroupByDecay(model.NamedParameters(), 0), new Sgd { LearningRate = rate });

    private static TrainingPlan Plan(TinyModel model, Optimizer optimizer, Schedule schedule) => new()
    {
        Student = model,
        Objectives = [new(new LabelsObjective(), 1)],
        Batches = TinySource.OfSize(12, 2),
        Optimizer = optimizer,
        Schedule = schedule,
        Epochs = 2,
    };

    /// <summary>An optimizer that says nothing of its learning rate.</summary>
    private sealed class Silent(IReadOnlyList<ParameterGroup> groups) : Optimizer(groups)
    {
        protected override void Update(ParameterGroupSlice share)
        {
        }
    }
}
