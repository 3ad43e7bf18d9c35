using Decant.Runs.Reports.Html.Charts;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Runs.Reports;

public sealed class ScaleTests
{
    [Fact]
    public void Every_value_lies_on_the_axis_and_every_tick_too() => Prop.ForAll(ArbMap.Default.ArbFor<double[]>(), values =>
    {
        double[] known = [.. values.Where(v => double.IsFinite(v) && Math.Abs(v) < 1e12)];
        var scale = Scale.Around(known);
        return known.All(v => scale.At(v) is >= -1e-6 and <= 100 + 1e-6) && scale.Ticks.All(t => scale.At(t) is >= -1e-6 and <= 100 + 1e-6);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Ticks_are_round_numbers()
    {
        Assert.Equal([0.7, 0.75, 0.8, 0.85, 0.9], Scale.Around([0.69, 0.91]).Ticks.Select(t => Math.Round(t, 9)));
        Assert.Equal([0, 2, 4, 6], Scale.Around([0, 6], count: 4, floor: 0, ceiling: 6).Ticks);
    }

    [Fact]
    public void A_loss_that_falls_a_hundredfold_is_drawn_by_factors()
    {
        var scale = Scale.ForLoss([10, 1, 0.1]);

        Assert.True(scale.IsLog);
        Assert.Equal(50, scale.At(1), 6);
        Assert.False(Scale.ForLoss([3, 1]).IsLog);
        Assert.False(Scale.ForLoss([3, 0]).IsLog);
    }
}
