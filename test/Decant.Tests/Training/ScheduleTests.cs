using Decant.Training.Schedules;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Training;

public class ScheduleTests
{
    public static TheoryData<string, object, double[]> Table => new()
    {
        { "constant", new ConstantSchedule(5, new ConstantRate()), [1, 1, 1, 1, 1] },
        { "constant, warm-up of 2 steps", new ConstantSchedule(5, new ConstantRate { WarmUp = 0.4 }), [1.0 / 3, 2.0 / 3, 1, 1, 1] },
        { "linear", new LinearSchedule(5, new LinearDecay()), [1, 0.8, 0.6, 0.4, 0.2, 0] },
        { "linear to a half", new LinearSchedule(4, new LinearDecay { EndFactor = 0.5 }), [1, 0.875, 0.75, 0.625, 0.5] },
        { "linear, warm-up of 3 steps", new LinearSchedule(6, new LinearDecay { WarmUp = 0.5 }), [0.25, 0.5, 0.75, 1, 2.0 / 3, 1.0 / 3, 0] },
        { "cosine", new CosineSchedule(4, new CosineDecay()), [1, 0.853553390593, 0.5, 0.146446609407, 0] },
        { "cosine to 0.2", new CosineSchedule(4, new CosineDecay { EndFactor = 0.2 }), [1, 0.882842712475, 0.6, 0.317157287525, 0.2] },
        { "step", new StepSchedule(8, new StepDecay()), [1, 1, 1, 1, 0.1, 0.1, 0.01, 0.01] },
        { "step of a half at a quarter", new StepSchedule(4, new StepDecay { At = [0.25], Factor = 0.5 }), [1, 0.5, 0.5, 0.5] },
        { "past the end, linear", new LinearSchedule(2, new LinearDecay()), [1, 0.5, 0, 0, 0] },
        { "past the end, cosine", new CosineSchedule(2, new CosineDecay()), [1, 0.5, 0, 0, 0] },
        { "no steps at all", new LinearSchedule(0, new LinearDecay()), [1, 0] },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void The_factors_are_those_of_the_table(string name, object schedule, double[] expected)
    {
        for (var step = 0; step < expected.Length; step++)
            Assert.True(Math.Abs(expected[step] - ((Schedule)schedule).FactorAt(step)) < 1e-9, $"{name}, step {step}: expected {expected[step]}, came {((Schedule)schedule).FactorAt(step)}");
    }

    [Fact]
    public void A_share_drops_at_the_step_that_it_names_whatever_its_binary_digits()
    {
        // 0.55·100 is 55.000000000000007.
        var schedule = new StepSchedule(100, new StepDecay { At = [0.55] });
        Assert.Equal(1, schedule.FactorAt(54));
        Assert.Equal(0.1, schedule.FactorAt(55), 1e-12);
    }

    [Fact]
    public void Every_factor_is_between_0_and_1_and_falls_after_the_warm_up() =>
        Prop.ForAll(Gen.Choose(1, 60).SelectMany(total => Gen.Choose(0, 90).Select(percent => (total, warmUp: percent / 100.0))).ToArbitrary(), t =>
        {
            Schedule[] schedules =
            [
                new LinearSchedule(t.total, new LinearDecay { WarmUp = t.warmUp }), new CosineSchedule(t.total, new CosineDecay { WarmUp = t.warmUp }),
                new StepSchedule(t.total, new StepDecay { WarmUp = t.warmUp }), new ConstantSchedule(t.total, new ConstantRate { WarmUp = t.warmUp }),
            ];
            foreach (var schedule in schedules)
            {
                var factors = Enumerable.Range(0, t.total + 5).Select(s => schedule.FactorAt(s)).ToArray();
                Assert.All(factors, f => Assert.InRange(f, 0, 1));
                var warmUp = (int)Math.Round(t.total * t.warmUp);
                Assert.Equal(factors[..warmUp].Order(), factors[..warmUp]);
                Assert.Equal(factors[warmUp..].OrderDescending(), factors[warmUp..]);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Plateau_drops_after_more_epochs_without_a_better_score_than_its_patience_and_then_waits_anew()
    {
        // torch.optim.lr_scheduler.ReduceLROnPlateau(mode='max', factor=0.5, patience=2, threshold=0, min_lr=0.2)
        double[] scores = [0.5, 0.6, 0.6, 0.5, 0.55, 0.6, 0.61, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.6];
        double[] factors = [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2, 0.2];
        var schedule = new PlateauSchedule(100, new PlateauDecay { MinFactor = 0.2 });
        foreach (var (score, factor) in scores.Zip(factors))
        {
            schedule.OnValidation(score);
            Assert.Equal(factor, schedule.FactorAt(7));
        }
    }

    [Fact]
    public void Plateau_goes_on_from_its_state_wherever_it_was_saved()
    {
        double[] scores = [double.NaN, 0.5, 0.4, 0.4, 0.4, 0.7, 0.1, 0.1, 0.1, 0.1];
        for (var cut = 0; cut < scores.Length; cut++)
        {
            var (whole, first, second) = (Plateau(), Plateau(), Plateau());
            foreach (var score in scores)
                whole.OnValidation(score);
            foreach (var score in scores[..cut])
                first.OnValidation(score);
            Assert.All(first.SaveState(), s => Assert.True(double.IsFinite(s), "a checkpoint's JSON knows no infinity"));
            second.RestoreState(first.SaveState());
            foreach (var score in scores[cut..])
                second.OnValidation(score);
            Assert.Equal(whole.FactorAt(0), second.FactorAt(0));
        }

        static PlateauSchedule Plateau() => new(10, new PlateauDecay { Patience = 1 });
    }

    [Fact]
    public void Impossible_options_are_refused()
    {
        Assert.Throws<DecantException>(() => new LinearSchedule(5, new LinearDecay { WarmUp = 1 }));
        Assert.Throws<DecantException>(() => new CosineSchedule(5, new CosineDecay { EndFactor = 2 }));
        Assert.Contains("[0.5, 40]", Assert.Throws<DecantException>(() => new StepSchedule(5, new StepDecay { At = [0.5, 40] })).Message);
    }
}
