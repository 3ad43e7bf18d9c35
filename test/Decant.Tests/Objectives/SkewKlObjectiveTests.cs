using System.Text.Json;
using Decant.Objectives.Logits;
using Decant.Signals;

namespace Decant.Tests.Objectives;

public sealed class SkewKlObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "skew-kl";

    protected override IObjective Create() => With(0.1, 3);

    protected override IObjective Create(JsonElement options) => new SkewKlObjective(Options<SkewKl>(options));

    [Fact]
    public void Worked_by_hand_a_coin()
    {
        // p = (½, ½), q = (¾, ¼), λ = ½: ½p + ½q = (⅝, ⅜): ½ ln(⅘) + ½ ln(4 ÷ 3). The gradient is −½·q·(p ÷ m − Σ q·p ÷ m) = −½·¾·¼·(⅘ − 4 ÷ 3) = 0.05.
        var some = new ObjectiveCase(1, 2, [MathF.Log(3), 0], [7, 7], [0]);
        var (sum, count, gradient) = Measure.Of(With(0.5, 1), some);
        Assert.Equal(1, count);
        Assert.Equal(0.5 * Math.Log(0.8 * 4 / 3), sum, 1e-6);
        Assert.Equal(0.05, gradient[0], 1e-6);
        Assert.Equal(-0.05, gradient[1], 1e-6);
    }

    [Fact]
    public void With_little_skew_it_is_the_forward_divergence()
    {
        var some = ObjectiveCase.Random(4, 6, seed: 2);
        Close(Measure.Of(new SoftTargetsObjective(), some).Sum, Measure.Of(With(0.001, 2), some).Sum, 1e-2, "sum");
    }

    [Fact]
    public void However_wrong_the_student_is_it_is_at_most_the_logarithm_of_one_over_the_skew()
    {
        var wrong = new ObjectiveCase(1, 3, [-6e4f, 6e4f, 0], [6e4f, -6e4f, 0], [0]);
        Assert.Equal(Math.Log(10), Measure.Of(With(0.1, 1), wrong).Sum, 1e-5);
    }

    [Fact]
    public void Where_one_class_is_as_likely_for_both_its_gradient_is_that_of_the_formula()
    {
        // The mixture has two branches, which meet where p = q: p = (¼, ½, ¼), q = (¼, ¼, ½).
        var some = new ObjectiveCase(1, 3, [0, 0, MathF.Log(2)], [0, MathF.Log(2), 0], [0]);
        var (_, _, gradient) = Measure.Of(With(0.25, 1), some);
        double[] p = [0.25, 0.5, 0.25], q = [0.25, 0.25, 0.5];
        var ratio = p.Zip(q, (a, b) => a / (0.25 * a + 0.75 * b)).ToArray();
        var mean = q.Zip(ratio, (b, r) => b * r).Sum();
        for (var c = 0; c < 3; c++)
            Assert.Equal(-0.75 * q[c] * (ratio[c] - mean), gradient[c], 1e-6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_skew_that_is_none_is_refused(double skew) => Assert.Contains("Skew", Assert.Throws<DecantException>(() => With(skew, 1)).Message, StringComparison.Ordinal);

    private static SkewKlObjective With(double skew, double temperature) => new(new SkewKl { Skew = skew, Temperature = temperature });
}
