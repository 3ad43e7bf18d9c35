using System.Text.Json;
using Decant.Objectives.Logits;
using Decant.Signals;

namespace Decant.Tests.Objectives;

public sealed class DistObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "dist";

    protected override bool ComparesSamples => true;

    protected override IObjective Create() => new DistObjective(new Dist { Temperature = 2, Intra = 0.5 });

    protected override IObjective Create(JsonElement options) => new DistObjective(Options<Dist>(options));

    [Fact]
    public void Worked_by_hand_rows_that_agree_and_columns_that_do_not()
    {
        // Of two classes a row is (a, 1 − a): both rows lean the same way as the teacher's, ρ = 1. The first class falls from sample to sample where the teacher's
        // rises, and so the second: ρ = −1, and 1 − ρ = 2 of both columns; their mean, for two samples, is 2·2.
        var some = new ObjectiveCase(2, 2, [2, 0, 1, 0], [1, 0, 2, 0], [0, 0]);
        Assert.Equal((4, 2), Of(some, inter: 1, intra: 1));
        Assert.Equal((0, 2), Of(some, inter: 1, intra: 0));
        Assert.Equal((12, 2), Of(some, inter: 1, intra: 3));
    }

    [Fact]
    public void Of_one_sample_the_columns_say_nothing()
    {
        var one = ObjectiveCase.Random(1, 4, seed: 3);
        Assert.Equal(Of(one, inter: 1, intra: 0), Of(one, inter: 1, intra: 5));
        var (sum, count, gradient) = Measure.Of(new DistObjective(new Dist { Inter = 0 }), one);
        Assert.Equal((0, 0), (sum, count));
        Assert.All(gradient, g => Assert.Equal(0, g));
        Assert.Equal(2, Of(ObjectiveCase.Random(2, 4, seed: 3), inter: 0, intra: 1).Count);
    }

    [Fact]
    public void A_student_whose_every_answer_is_the_same_gets_finite_gradients()
    {
        var some = ObjectiveCase.Random(4, 5, seed: 8);
        var same = some with { Student = [.. Enumerable.Range(0, 20).Select(i => some.Student[i % 5])] };
        var (sum, _, gradient) = Measure.Of(Create(), same);
        Assert.True(double.IsFinite(sum));
        Assert.All(gradient, g => Assert.True(Math.Abs(g) < 1e3));
        Assert.Contains(gradient, g => g != 0);
    }

    [Fact]
    public void It_is_at_most_two_for_each_part_of_each_sample()
    {
        for (var seed = 0; seed < 50; seed++)
            Assert.InRange(Of(ObjectiveCase.Random(3, 4, seed, scale: 5), 1, 1).Sum, 0, 12.0001);
    }

    [Fact]
    public void Nothing_to_learn_is_refused() =>
        Assert.Contains("'inter' or 'intra'", Assert.Throws<DecantException>(() => new DistObjective(new Dist { Inter = 0, Intra = 0 })).Message, StringComparison.Ordinal);

    private static (double Sum, long Count) Of(ObjectiveCase some, double inter, double intra)
    {
        var (sum, count, _) = Measure.Of(new DistObjective(new Dist { Inter = inter, Intra = intra }), some);
        return (Math.Round(sum, 5), count);
    }
}
