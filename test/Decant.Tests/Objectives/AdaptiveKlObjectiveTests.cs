using System.Text.Json;
using Decant.Objectives.Logits;
using Decant.Signals;

namespace Decant.Tests.Objectives;

public sealed class AdaptiveKlObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "adaptive-kl";

    protected override bool HoldsNothingFixed => false; // the weights

    protected override IObjective Create() => With(3);

    protected override IObjective Create(JsonElement options) => new AdaptiveKlObjective(Options<AdaptiveKl>(options));

    [Fact]
    public void Worked_by_hand_three_classes_of_which_the_likeliest_is_the_head()
    {
        // p = (½, ¼, ¼), q = (¼, ¼, ½): the head is the first class; a gap of ¼ in it and one of ¼ in the tail: half of each divergence, both ¼·ln 2.
        var some = new ObjectiveCase(1, 3, [0, 0, MathF.Log(2)], [MathF.Log(2), 0, 0], [0]);
        var (sum, count, _) = Measure.Of(With(1), some);
        Assert.Equal(1, count);
        Assert.Equal(0.25 * Math.Log(2), sum, 1e-6);
    }

    [Fact]
    public void Worked_by_hand_a_head_that_is_wrong_alone_is_forward_alone()
    {
        // p = (0.8, 0.1, 0.1), q = (0.6, 0.2, 0.2): the likeliest class is the head though it has more than half: gap 0.2 of 0.4, w = ½.
        // With a head of 0.9 the second class belongs to it too: gap 0.3 of 0.4, w = ¾.
        var some = new ObjectiveCase(1, 3, [MathF.Log(0.6f), MathF.Log(0.2f), MathF.Log(0.2f)], [MathF.Log(0.8f), MathF.Log(0.1001f), MathF.Log(0.0999f)], [0]);
        var (forward, reverse) = (0.8 * Math.Log(4.0 / 3) - 0.2 * Math.Log(2), 0.6 * Math.Log(0.75) + 0.4 * Math.Log(2));
        Assert.Equal(0.5 * forward + 0.5 * reverse, Measure.Of(With(1), some).Sum, 1e-3);
        var wide = new AdaptiveKlObjective(new AdaptiveKl { Temperature = 1, HeadMass = 0.9002 });
        Assert.Equal(0.75 * forward + 0.25 * reverse, Measure.Of(wide, some).Sum, 1e-3);
    }

    [Fact]
    public void Its_gradient_is_that_of_the_two_divergences_with_the_weights_held_fixed()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var some = ObjectiveCase.Random(1, 6, seed);
            var (sum, _, gradient) = Measure.Of(With(2), some);
            var (forward, reverse) = (Measure.Of(new SoftTargetsObjective(), some), Measure.Of(new ReverseKlObjective(), some));
            var w = (sum - reverse.Sum) / (forward.Sum - reverse.Sum);
            if (Math.Abs(forward.Sum - reverse.Sum) < 0.1)
                continue; // too near to tell the weight
            Assert.InRange(w, -1e-4, 1 + 1e-4);
            for (var i = 0; i < gradient.Length; i++)
                Assert.Equal(w * forward.Gradient[i] + (1 - w) * reverse.Gradient[i], gradient[i], 1e-4);
        }
    }

    [Fact]
    public void The_order_of_the_classes_has_no_part()
    {
        var some = ObjectiveCase.Random(1, 5, seed: 3);
        var turned = some with { Student = [.. some.Student.Reverse()], Teacher = [.. some.Teacher.Reverse()] };
        Close(Measure.Of(With(2), some).Sum, Measure.Of(With(2), turned).Sum, 1e-6, "sum");
    }

    private static AdaptiveKlObjective With(double temperature) => new(new AdaptiveKl { Temperature = temperature });
}
