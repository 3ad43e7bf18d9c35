using Decant.Runs.ActiveLearning;
using Decant.Runs.Recipes.Schema;

namespace Decant.Tests.Runs.ActiveLearning;

public sealed class UncertaintyTests
{
    private static readonly float[] s_half = [MathF.Log(0.5f), MathF.Log(0.25f), MathF.Log(0.25f)];

    [Fact]
    public void The_three_measures_by_hand()
    {
        Assert.Equal(1.5 * Math.Log(2), Uncertainty.Of(s_half, RoundChoice.Entropy), 1e-6); // 0.5 ln 2 + 2 · 0.25 ln 4
        Assert.Equal(-0.25, Uncertainty.Of(s_half, RoundChoice.Margin), 1e-6);
        Assert.Equal(0.5, Uncertainty.Of(s_half, RoundChoice.LeastConfident), 1e-6);
        Assert.Equal(0, Uncertainty.Of(s_half, RoundChoice.Random));
    }

    [Fact]
    public void They_order_differently_where_a_third_class_counts()
    {
        float[] two = [MathF.Log(0.48f), MathF.Log(0.47f), MathF.Log(0.05f)], three = [MathF.Log(0.46f), MathF.Log(0.27f), MathF.Log(0.27f)];
        Assert.True(Uncertainty.Of(two, RoundChoice.Margin) > Uncertainty.Of(three, RoundChoice.Margin));
        Assert.True(Uncertainty.Of(two, RoundChoice.Entropy) < Uncertainty.Of(three, RoundChoice.Entropy));
        Assert.True(Uncertainty.Of(two, RoundChoice.LeastConfident) < Uncertainty.Of(three, RoundChoice.LeastConfident));
    }

    [Fact]
    public void Logits_are_the_same_with_an_offset_and_as_large_as_can_be()
    {
        float[] shifted = [.. s_half.Select(z => z + 1000)];
        Assert.Equal(Uncertainty.Of(s_half, RoundChoice.Entropy), Uncertainty.Of(shifted, RoundChoice.Entropy), 1e-4);
        Assert.Equal(0, Uncertainty.Of([1e30f, 0, -1e30f], RoundChoice.Entropy), 1e-12);
        Assert.Equal(0, Uncertainty.Of([3f], RoundChoice.Entropy), 1e-12);
    }
}
