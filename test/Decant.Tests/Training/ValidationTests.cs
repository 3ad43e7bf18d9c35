using Decant.Training;
using Decant.Training.Schedules;

namespace Decant.Tests.Training;

public class ValidationTests
{
    [Fact]
    public void The_student_ends_with_the_weights_that_scored_best()
    {
        float[]? best = null;
        using var run = Scored([0.5, 0.9, 0.3, 0.9], atBest: student => best = student);
        var result = run.Run();
        Assert.Equal((StopReason.Completed, 6L, 12L), (result.Reason, result.BestStep, result.Steps));
        Assert.Equal(0.9, result.BestScores!["accuracy"]);
        Assert.Equal(best, run.Student.Numbers());
        Assert.Equal([true, true, false, false], run.Observer.Validations.Select(v => v.IsBest));
        Assert.Equal([1, 2, 3, 4], run.Observer.Validations.Select(v => v.Epoch));
        Assert.False(run.Student.IsTraining);
    }

    [Fact]
    public void Without_validation_it_ends_with_the_last_weights()
    {
        using var run = new TrainingRun(change: p => p with { Validate = null, Schedule = new ConstantSchedule(12, new ConstantRate()) });
        var result = run.Run();
        Assert.Equal((12L, 12L), (result.Steps, result.BestStep));
        Assert.Null(result.BestScores);
        Assert.Empty(run.Observer.Validations);
    }

    [Fact]
    public void It_stops_early_when_patience_runs_out_and_not_an_epoch_before()
    {
        using var run = Scored([0.5, 0.4, 0.6, 0.5, 0.6, 0.7], p => p with { Epochs = 6, Patience = 2 });
        var result = run.Run();
        Assert.Equal((StopReason.EarlyStopping, 15L, 9L), (result.Reason, result.Steps, result.BestStep));
    }

    [Fact]
    public void A_loss_is_better_where_it_is_lower()
    {
        using var run = Scored([0.5, 0.4, 0.6, 0.45], p => p with { BestBy = new Selection("accuracy", LowerIsBetter: true) });
        Assert.Equal(6, run.Run().BestStep);
    }

    [Fact]
    public void A_score_that_is_not_finite_is_never_the_best()
    {
        using var run = Scored([double.NaN, 0.2, double.PositiveInfinity, 0.3]);
        Assert.Equal(12, run.Run().BestStep);
        Assert.Equal([false, true, false, true], run.Observer.Validations.Select(v => v.IsBest));
    }

    [Fact]
    public void Plateau_hears_every_score_and_lowers_the_learning_rate()
    {
        using var run = Scored([0.5, 0.4, 0.3, 0.2], p => p with { Schedule = new PlateauSchedule(12, new PlateauDecay { Patience = 0 }), LearningRate = 0.8 });
        run.Run();
        Assert.Equal([0.8, 0.8, 0.4, 0.2], run.Observer.Steps.Where(s => s.Step % 3 == 0).Select(s => Math.Round(s.LearningRate, 9)));
    }

    [Fact]
    public void The_student_is_validated_in_evaluation_mode_and_trained_in_training_mode()
    {
        var modes = new List<bool>();
        TrainingRun? running = null;
        using var run = running = new TrainingRun(
            new Recorder { AtStep = _ => modes.Add(running!.Student.Last.Training) },
            p => p with
            {
                Validate = _ =>
                {
                    Assert.False(p.Student.IsTraining);
                    Assert.False(Decant.Torch.Autograd.IsEnabled);
                    return new Dictionary<string, double> { ["accuracy"] = 1 };
                },
            });
        run.Run();
        Assert.Equal(12, modes.Count);
        Assert.All(modes, Assert.True);
        Assert.True(Decant.Torch.Autograd.IsEnabled);
    }

    [Fact]
    public void A_metric_that_validation_does_not_give_is_named_with_those_it_gives()
    {
        using var run = Scored([1, 1, 1, 1], p => p with { BestBy = new Selection("f1") });
        Assert.Contains("it gives accuracy", Assert.Throws<DecantException>(() => run.Run()).Message);
    }

    private static TrainingRun Scored(double[] scores, Func<TrainingPlan, TrainingPlan>? change = null, Action<float[]>? atBest = null)
    {
        var epoch = 0;
        TrainingRun? running = null;
        running = new TrainingRun(
            new Recorder { AtValidation = v => { if (v.IsBest) atBest?.Invoke(running!.Student.Numbers()); } },
            p => (change ?? (x => x))(p with { Validate = _ => new Dictionary<string, double> { ["accuracy"] = scores[epoch++] } }));
        return running;
    }
}
