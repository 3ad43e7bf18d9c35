using System.Text.Json;
using Decant.Objectives.Logits;
using Decant.Signals;

namespace Decant.Tests.Objectives;

public sealed class ReverseKlObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "reverse-kl";

    protected override IObjective Create() => new ReverseKlObjective(new ReverseKl { Temperature = 3 });

    protected override IObjective Create(JsonElement options) => new ReverseKlObjective(Options<ReverseKl>(options));

    [Fact]
    public void Worked_by_hand_a_coin_that_the_student_holds_for_three_to_one()
    {
        // p = (½, ½), q = (¾, ¼), τ = 1: ¾ ln(¾ ÷ ½) + ¼ ln(¼ ÷ ½) = ¾ ln 3 − ln 2; the gradient is q·(log(q ÷ p) − that): ¾·(ln 1.5 − ¾ ln 3 + ln 2) = ¾·¼·ln 3.
        var some = new ObjectiveCase(1, 2, [MathF.Log(3), 0], [7, 7], [0]);
        var (sum, count, gradient) = Measure.Of(new ReverseKlObjective(new ReverseKl { Temperature = 1 }), some);
        Assert.Equal(1, count);
        Assert.Equal(0.75 * Math.Log(3) - Math.Log(2), sum, 1e-6);
        Assert.Equal(0.1875 * Math.Log(3), gradient[0], 1e-6);
        Assert.Equal(-0.1875 * Math.Log(3), gradient[1], 1e-6);
    }

    [Fact]
    public void It_is_the_forward_divergence_with_teacher_and_student_exchanged()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var some = ObjectiveCase.Random(3, 5, seed);
            var exchanged = some with { Student = some.Teacher, Teacher = some.Student };
            Close(Measure.Of(new SoftTargetsObjective(), exchanged).Sum, Measure.Of(new ReverseKlObjective(), some).Sum, 1e-5, $"seed {seed}");
        }
    }

    [Fact]
    public void It_forgives_a_student_that_keeps_to_one_of_two_likely_answers_and_the_forward_divergence_does_not()
    {
        var keeping = new ObjectiveCase(1, 3, [8, 0, 0], [5, 5, -5], [0]);
        var spreading = keeping with { Student = [2, 2, 2] };
        Assert.True(Measure.Of(new ReverseKlObjective(), keeping).Sum < Measure.Of(new ReverseKlObjective(), spreading).Sum);
        Assert.True(Measure.Of(new SoftTargetsObjective(), keeping).Sum > Measure.Of(new SoftTargetsObjective(), spreading).Sum);
    }

    [Fact]
    public void A_class_that_the_teacher_rules_out_costs_what_one_of_e_to_the_minus_104_costs_and_pulls_the_student_away()
    {
        // q = (½, ½), p = (1, 0): ½·(−ln 2) + ½·(104 − ln 2).
        var some = new ObjectiveCase(1, 2, [0, 0], [0, float.NegativeInfinity], [0]);
        var (sum, _, gradient) = Measure.Of(new ReverseKlObjective(new ReverseKl { Temperature = 1 }), some);
        Assert.Equal(52 - Math.Log(2), sum, 1e-4);
        Assert.Equal(26, gradient[1], 1e-4);
    }
}
