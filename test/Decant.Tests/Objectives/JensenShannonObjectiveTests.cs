using System.Text.Json;
using Decant.Objectives.Logits;
using Decant.Signals;

namespace Decant.Tests.Objectives;

public sealed class JensenShannonObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "jensen-shannon";

    protected override IObjective Create() => With(0.3);

    protected override IObjective Create(JsonElement options) => new JensenShannonObjective(Options<JensenShannon>(options));

    [Fact]
    public void Worked_by_hand_two_that_are_sure_of_different_classes_are_as_far_apart_as_can_be()
    {
        // p = (1, 0), q = (0, 1), β = ¼: M = (¼, ¾); ¼·ln 4 + ¾·ln(4 ÷ 3).
        var some = new ObjectiveCase(1, 2, [-500, 500], [500, -500], [0]);
        Assert.Equal(0.25 * Math.Log(4) + 0.75 * Math.Log(4.0 / 3), Measure.Of(With(0.25, 1), some).Sum, 1e-6);
        Assert.Equal(Math.Log(2), Measure.Of(With(0.5, 1), some).Sum, 1e-6);
    }

    [Fact]
    public void Worked_by_hand_a_coin()
    {
        // p = (½, ½), q = (¾, ¼), β = ½: M = (⅝, ⅜). The gradient is ½·q·(log(q ÷ M) − Σ q·log(q ÷ M)): ½·¾·¼·(ln 1.2 − ln ⅔).
        var some = new ObjectiveCase(1, 2, [MathF.Log(3), 0], [7, 7], [0]);
        var (sum, count, gradient) = Measure.Of(With(0.5, 1), some);
        Assert.Equal(1, count);
        Assert.Equal(0.25 * (Math.Log(0.8) + Math.Log(4.0 / 3)) + 0.5 * (0.75 * Math.Log(1.2) + 0.25 * Math.Log(2.0 / 3)), sum, 1e-6);
        Assert.Equal(0.09375 * Math.Log(1.8), gradient[0], 1e-6);
    }

    [Fact]
    public void At_its_ends_it_is_the_forward_and_the_reverse_divergence()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var some = ObjectiveCase.Random(3, 5, seed, scale: 1 + seed % 5);
            var (start, end) = (Measure.Of(With(0, 2), some), Measure.Of(With(1, 2), some));
            var (forward, reverse) = (Measure.Of(new SoftTargetsObjective(), some), Measure.Of(new ReverseKlObjective(), some));
            Close(forward.Sum, start.Sum, 1e-6, $"seed {seed}");
            Assert.All(forward.Gradient.Zip(start.Gradient), g => Assert.Equal(g.First, g.Second, 1e-5f));
            Close(reverse.Sum, end.Sum, 1e-6, $"seed {seed}");
            Assert.All(reverse.Gradient.Zip(end.Gradient), g => Assert.Equal(g.First, g.Second, 1e-5f));
        }
    }

    [Fact]
    public void Near_its_ends_it_tends_to_0_and_divided_by_the_share_to_the_divergences()
    {
        var some = ObjectiveCase.Random(3, 5, seed: 4);
        Close(Measure.Of(new SoftTargetsObjective(), some).Sum, Measure.Of(With(1e-3, 2), some).Sum / 1e-3, 2e-2, "forward");
        Close(Measure.Of(new ReverseKlObjective(), some).Sum, Measure.Of(With(1 - 1e-3, 2), some).Sum / 1e-3, 2e-2, "reverse");
    }

    [Fact]
    public void It_is_never_above_what_the_mixture_allows()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var some = ObjectiveCase.Random(1, 4, seed, scale: seed);
            var (half, other) = (Measure.Of(With(0.5, 1), some).Sum, Measure.Of(With(0.5, 1), some with { Student = some.Teacher, Teacher = some.Student }).Sum);
            Assert.InRange(half, -1e-6, Math.Log(2) + 1e-6);
            Close(half, other, 1e-5, "the halves exchanged");
        }
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_share_that_is_none_is_refused(double beta) => Assert.Contains("Beta", Assert.Throws<DecantException>(() => With(beta)).Message, StringComparison.Ordinal);

    private static JensenShannonObjective With(double beta, double temperature = 3) => new(new JensenShannon { Beta = beta, Temperature = temperature });
}
