using System.Text.Json;
using Decant.Objectives.Logits;
using Decant.Signals;

namespace Decant.Tests.Objectives;

public sealed class CosineObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "cosine";

    protected override IObjective Create() => new CosineObjective(new Cosine { Centre = true });

    protected override IObjective Create(JsonElement options) => new CosineObjective(Options<Cosine>(options));

    [Fact]
    public void Worked_by_hand_a_right_angle_an_opposite_and_sixty_degrees()
    {
        var some = new ObjectiveCase(3, 2, [3, 4, 1, 1, 2, 0], [-8, 6, -5, -5, 1, MathF.Sqrt(3)], [0, 0, 0]);
        var (sum, count, gradient) = Measure.Of(new CosineObjective(), some);
        Assert.Equal(3, count);
        Assert.Equal(1 + 2 + 0.5, sum, 1e-6);
        // The gradient is −(t̂ − cos·ŝ) ÷ ‖s‖: of the first −(−0.8, 0.6) ÷ 5; of the second 0; of the third −(0, √3 ÷ 2) ÷ 2.
        Assert.All(new[] { 0.16, -0.12, 0, 0, 0, -MathF.Sqrt(3) / 4 }.Zip(gradient), g => Assert.Equal(g.First, g.Second, 1e-6));
    }

    [Fact]
    public void The_length_of_an_answer_has_no_part_and_centred_neither_has_a_constant()
    {
        var some = ObjectiveCase.Random(3, 5, seed: 2);
        var longer = some with { Student = [.. some.Student.Select(z => 7 * z)] };
        var moved = some with { Student = [.. some.Student.Select(z => 7 * z + 3)] };
        Close(Measure.Of(new CosineObjective(), some).Sum, Measure.Of(new CosineObjective(), longer).Sum, 1e-5, "plain");
        Close(Measure.Of(Create(), some).Sum, Measure.Of(Create(), moved).Sum, 1e-5, "centred");
        Assert.True(Math.Abs(Measure.Of(new CosineObjective(), some).Sum - Measure.Of(new CosineObjective(), moved).Sum) > 0.01);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_class_that_the_teacher_rules_out_has_no_part(bool centre)
    {
        var objective = new CosineObjective(new Cosine { Centre = centre });
        var without = Measure.Of(objective, new ObjectiveCase(1, 3, [1, -1, 3], [0.5f, 0.2f, 2], [0]));
        var (sum, _, gradient) = Measure.Of(objective, new ObjectiveCase(1, 4, [1, -1, 40, 3], [0.5f, 0.2f, float.NegativeInfinity, 2], [0]));
        Assert.Equal(without.Sum, sum, 1e-6);
        Assert.Equal(0, gradient[2]);
        Assert.Equal(without.Gradient[0], gradient[0], 1e-6f);
    }

    [Fact]
    public void An_answer_of_one_number_has_a_direction_too()
    {
        var (sum, _, gradient) = Measure.Of(new CosineObjective(), new ObjectiveCase(2, 1, [2, -2], [5, 5], [0, 0]));
        Assert.Equal(2, sum, 1e-6);
        Assert.All(gradient, g => Assert.Equal(0, g, 1e-6f));
    }
}
