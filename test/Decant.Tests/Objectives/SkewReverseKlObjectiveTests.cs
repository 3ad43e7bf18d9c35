using System.Text.Json;
using Decant.Objectives.Logits;
using Decant.Signals;

namespace Decant.Tests.Objectives;

public sealed class SkewReverseKlObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "skew-reverse-kl";

    protected override IObjective Create() => With(0.1, 3);

    protected override IObjective Create(JsonElement options) => new SkewReverseKlObjective(Options<SkewReverseKl>(options));

    [Fact]
    public void Worked_by_hand_a_coin()
    {
        // p = (½, ½), q = (¾, ¼), λ = ½: m = (⅝, ⅜): ¾ ln 1.2 + ¼ ln ⅔. The gradient is q·(g − Σ q·g), g = log(q ÷ m) − ½·q ÷ m: ¾·¼·(ln 1.8 − ½·(1.2 − ⅔)).
        var some = new ObjectiveCase(1, 2, [MathF.Log(3), 0], [7, 7], [0]);
        var (sum, count, gradient) = Measure.Of(With(0.5, 1), some);
        Assert.Equal(1, count);
        Assert.Equal(0.75 * Math.Log(1.2) + 0.25 * Math.Log(2.0 / 3), sum, 1e-6);
        Assert.Equal(0.1875 * (Math.Log(1.8) - 0.8 / 3), gradient[0], 1e-6);
    }

    [Fact]
    public void It_is_the_other_skew_divergence_with_teacher_and_student_exchanged()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var some = ObjectiveCase.Random(3, 5, seed);
            var exchanged = some with { Student = some.Teacher, Teacher = some.Student };
            Close(Measure.Of(new SkewKlObjective(new SkewKl { Skew = 0.3 }), exchanged).Sum, Measure.Of(With(0.3, 2), some).Sum, 1e-5, $"seed {seed}");
        }
    }

    [Fact]
    public void A_class_that_the_teacher_rules_out_costs_no_more_than_the_skew_allows()
    {
        var some = new ObjectiveCase(1, 2, [-6e4f, 6e4f], [0, float.NegativeInfinity], [0]);
        Assert.Equal(Math.Log(10), Measure.Of(With(0.1, 1), some).Sum, 1e-5);
    }

    private static SkewReverseKlObjective With(double skew, double temperature) => new(new SkewReverseKl { Skew = skew, Temperature = temperature });
}
