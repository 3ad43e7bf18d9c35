using System.Text.Json;
using Decant.Objectives.Logits;
using Decant.Signals;

namespace Decant.Tests.Objectives;

public sealed class TotalVariationObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "total-variation";

    protected override IObjective Create() => With(3);

    protected override IObjective Create(JsonElement options) => new TotalVariationObjective(Options<TotalVariation>(options));

    [Fact]
    public void Worked_by_hand_a_coin()
    {
        // p = (½, ½), q = (¾, ¼): ½·(¼ + ¼). The gradient is ½·q·(s − Σ q·s), s = (1, −1): ½·¾·(1 − ½).
        var some = new ObjectiveCase(1, 2, [MathF.Log(3), 0], [7, 7], [0]);
        var (sum, count, gradient) = Measure.Of(With(1), some);
        Assert.Equal(1, count);
        Assert.Equal(0.25, sum, 1e-6);
        Assert.Equal(0.1875, gradient[0], 1e-6);
        Assert.Equal(-0.1875, gradient[1], 1e-6);
    }

    [Fact]
    public void It_lies_between_0_and_1_and_its_square_below_half_of_either_divergence()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var some = ObjectiveCase.Random(1, 5, seed, scale: 1 + seed % 7);
            var distance = Measure.Of(With(1), some).Sum;
            Assert.InRange(distance, 0, 1 + 1e-6);
            Assert.True(distance * distance <= Measure.Of(new SoftTargetsObjective(new SoftTargets { Temperature = 1 }), some).Sum / 2 + 1e-6); // Pinsker
            Assert.True(distance * distance <= Measure.Of(new ReverseKlObjective(new ReverseKl { Temperature = 1 }), some).Sum / 2 + 1e-6);
        }
    }

    [Fact]
    public void It_is_not_multiplied_by_the_square_of_the_temperature_unless_that_is_said()
    {
        var some = ObjectiveCase.Random(3, 4, seed: 1);
        var scaled = new TotalVariationObjective(new TotalVariation { Temperature = 3, ScaleByTemperatureSquared = true });
        Close(9 * Measure.Of(With(3), some).Sum, Measure.Of(scaled, some).Sum, 1e-6, "sum");
    }

    private static TotalVariationObjective With(double temperature) => new(new TotalVariation { Temperature = temperature });
}
