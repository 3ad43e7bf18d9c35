using System.Text.Json;
using Decant.Objectives.Logits;
using Decant.Signals;

namespace Decant.Tests.Objectives;

public sealed class LogitsMseObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "logits-mse";

    protected override bool TakesRuledOutClasses => false; // a difference of ∞

    protected override IObjective Create() => new LogitsMseObjective();

    protected override IObjective Create(JsonElement options) =>
        new LogitsMseObjective(new LogitsMse { Centre = options.TryGetProperty("centre", out var centre) && centre.GetBoolean() });

    [Fact]
    public void Worked_by_hand_the_squares_are_summed_over_samples_and_averaged_over_classes()
    {
        // Differences (1, −2) and (0, 3): (1 + 4) ÷ 2 + 9 ÷ 2 = 7; the gradient is the difference, 2·d ÷ C.
        var some = new ObjectiveCase(2, 2, [2, 0, 5, 3], [1, 2, 5, 0], [0, 1]);
        var (sum, count, gradient) = Measure.Of(new LogitsMseObjective(), some);
        Assert.Equal(7, sum, 1e-6);
        Assert.Equal(2, count);
        Assert.Equal([1, -2, 0, 3], gradient);
    }

    [Fact]
    public void Centred_it_does_not_see_a_constant_that_is_added_to_a_row()
    {
        var centred = new LogitsMseObjective(new LogitsMse { Centre = true });
        var some = new ObjectiveCase(1, 3, [1, 2, 4], [11, 12, 14], [0]);
        Assert.Equal(0, Measure.Of(centred, some).Sum, 1e-9);
        Assert.Equal(100, Measure.Of(new LogitsMseObjective(), some).Sum, 1e-4);
    }
}
