using Decant.Objectives.Logits;
using Decant.Objectives.Temperatures;
using Decant.Signals;
using Decant.Training;
using Decant.Training.Checkpoints;
using Decant.Training.Optimizers;

namespace Decant.Tests.Training;

/// <summary>Temperatures and weights that change while a student learns: the loop says how far it is, and tells what they were.</summary>
public class AdaptiveTrainingTests
{
    private const int Steps = 12;

    [Fact]
    public void What_changes_is_told_with_every_update_from_the_first_number_to_the_last()
    {
        using var run = new Adaptive();
        run.Train();
        Assert.Equal(Steps, run.Told.Count);
        Assert.All(run.Told, t => Assert.Equal(
            ["labels/weight", "reverse-kl/temperature", "skew-kl/temperature", "soft-targets/temperature", "soft-targets/weight"], t.Keys.Order(StringComparer.Ordinal)));
        Assert.Equal((8, 2), (run.Told[0]["reverse-kl/temperature"], run.Told[^1]["reverse-kl/temperature"]));
        Assert.Equal((0.2, 1), (run.Told[0]["soft-targets/weight"], run.Told[^1]["soft-targets/weight"]));
        Assert.Equal((1, 0), (run.Told[0]["labels/weight"], run.Told[^1]["labels/weight"]));
        for (var step = 0; step < Steps; step++)
        {
            Assert.Equal(8 - 6.0 * step / (Steps - 1), run.Told[step]["reverse-kl/temperature"], 1e-9);
            Assert.InRange(run.Told[step]["skew-kl/temperature"], 1, 6);
            Assert.InRange(run.Told[step]["soft-targets/temperature"], 1, 20);
        }

        Assert.True(run.Told.Select(t => t["soft-targets/temperature"]).Distinct().Count() > Steps / 2); // learnt
    }

    [Fact]
    public void The_loss_is_the_sum_with_the_weights_of_the_update()
    {
        using var run = new Adaptive(report =>
        {
            double Weight(string name) => report.Settings.GetValueOrDefault($"{name}/weight", 1);
            Assert.Equal(report.Parts.Sum(part => Weight(part.Key) * part.Value), report.Loss, 1e-9);
        });
        run.Train();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(9)]
    public void Interrupted_and_gone_on_it_comes_to_the_same_bits(int step)
    {
        using var whole = new Adaptive();
        whole.Train();
        using var stop = new CancellationTokenSource();
        using var first = new Adaptive(report => { if (report.Step == step) stop.Cancel(); });
        first.Train(cancellationToken: stop.Token);
        using var snapshot = first.Run.Loop.Capture();
        using var second = new Adaptive();
        second.Train(snapshot);
        Assert.Equal(whole.Run.Student.Numbers(), second.Run.Student.Numbers());
        Assert.Equal(whole.Told.Skip(step).SelectMany(t => t.Values), second.Told.SelectMany(t => t.Values));
    }

    [Fact]
    public void Where_all_stays_nothing_is_told_and_afterwards_it_cannot_be_asked()
    {
        using var run = new TrainingRun(new Recorder { AtStep = report => Assert.Empty(report.Settings) });
        run.Run();
        using var unread = new Adaptive(read: false);
        unread.Train();
        Assert.Throws<InvalidOperationException>(() => unread.Run.Observer.Steps[0].Settings);
    }

    [Fact]
    public void A_convex_balance_holds_at_every_update()
    {
        var convex = WeightedObjective.Convex([new(new SoftTargetsObjective(), new LinearScalar { From = 1, To = 3 }), new(new LabelsObjective(), 1)]);
        Assert.Equal([0.5, 0.75], new[] { 0.0, 1 }.Select(convex[0].Weight.At));
        foreach (var progress in new[] { 0, 0.3, 0.9, 1 })
            Assert.Equal(1, convex.Sum(o => o.Weight.At(progress)), 1e-12);
        var nothing = new WeightedObjective(new LabelsObjective(), new LinearScalar { From = 1, To = 0 });
        Assert.Throws<DecantException>(() => WeightedObjective.Convex([nothing]));
    }

    [Fact]
    public void A_weight_that_goes_below_0_is_refused()
    {
        var error = Assert.Throws<DecantException>(() => new TrainingRun(change: p => p with { Objectives = [new(new LabelsObjective(), new LinearScalar { From = 1, To = -1 })] }));
        Assert.Contains("labels: a weight is at least 0; 1 → -1 came", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_task_of_several_has_no_weights_of_its_own_and_the_rest_goes_on_changing()
    {
        var error = Assert.Throws<DecantException>(() => TaskObjective.Of("questions", new ReverseKlObjective(new ReverseKl { Temperature = new LearnedTemperature() })));
        Assert.Contains("reverse-kl of the task 'questions'", error.Message, StringComparison.Ordinal);
        var bound = (IAdaptiveObjective)TaskObjective.Of("questions", new ReverseKlObjective(new ReverseKl { Temperature = new LinearTemperature { From = 4, To = 2 } }));
        bound.Begin(0.5);
        Assert.Equal(3, bound.Settings["temperature"]);
    }

    private sealed class Adaptive : IDisposable
    {
        private readonly SoftTargetsObjective _learned = new(new SoftTargets { Temperature = new LearnedTemperature { WarmUp = 0.5 } });

        public Adaptive(Action<StepReport>? atStep = null, bool read = true) => Run = new TrainingRun(
            new Recorder
            {
                AtStep = report =>
                {
                    if (read)
                        Told.Add(report.Settings);
                    atStep?.Invoke(report);
                },
            },
            plan => plan with
            {
                Objectives =
                [
                    new(_learned, new LinearScalar { From = 0.2, To = 1 }),
                    new(new ReverseKlObjective(new ReverseKl { Temperature = new LinearTemperature { From = 8, To = 2 } }), 1),
                    new(new SkewKlObjective(new SkewKl { Temperature = new EntropyTemperature { Confident = 6, Uncertain = 1 } }), 1),
                    new(new LabelsObjective(), new CosineScalar { From = 1, To = 0 }),
                ],
                Optimizer = new AdamOptimizer(
                    Optimizer.GroupByDecay(plan.Student.NamedParameters().Concat(_learned.Trained.NamedParameters()), 0.01), new AdamW { LearningRate = 0.05 }),
            });

        public List<IReadOnlyDictionary<string, double>> Told { get; } = [];

        public TrainingRun Run { get; }

        public TrainingResult Train(TrainingSnapshot? from = null, CancellationToken cancellationToken = default) =>
            Run.Run(from, from is null ? 11UL : 999, cancellationToken);

        public void Dispose()
        {
            Run.Dispose();
            _learned.Dispose();
        }
    }
}
