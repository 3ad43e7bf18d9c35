using System.Text.Json;
using Decant.Objectives.Logits;
using Decant.Signals;

namespace Decant.Tests.Objectives;

public sealed class LogitStandardizationObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "logit-standardization";

    protected override IObjective Create() => Of(new SoftTargetsObjective());

    protected override IObjective Create(JsonElement options)
    {
        if (!options.TryGetProperty("objective", out var inner))
            return Create();
        var kind = inner.GetProperty("kind").GetString()!;
        var own = JsonSerializer.SerializeToElement(inner.EnumerateObject().Where(o => o.Name != "kind").ToDictionary(o => o.Name, o => o.Value));
        return Of(kind == "decoupled" ? new DecoupledObjective(Options<Decoupled>(own)) : new ReverseKlObjective(Options<ReverseKl>(own)));
    }

    [Fact]
    public void Worked_by_hand_three_classes_evenly_apart()
    {
        // (1, 2, 3) has mean 2 and deviation 1, and (50, 10, 30) has mean 30 and deviation 20: (−1, 0, 1) and (1, −1, 0), squared differences 4, 1, 1, over 3 classes.
        var some = new ObjectiveCase(1, 3, [1, 2, 3], [50, 10, 30], [0]);
        var (sum, count, _) = Measure.Of(Of(new LogitsMseObjective()), some);
        Assert.Equal(1, count);
        Assert.Equal(2, sum, 1e-6);
    }

    [Fact]
    public void Neither_size_nor_place_of_the_students_logits_has_a_part()
    {
        foreach (var inner in new IObjective[] { new SoftTargetsObjective(), new ReverseKlObjective(), new LogitsMseObjective(), new DecoupledObjective() })
        {
            var some = ObjectiveCase.Random(4, 5, seed: 2);
            var moved = some with { Student = [.. some.Student.Select(z => 5 * z - 3)] };
            Close(Measure.Of(Of(inner), some).Sum, Measure.Of(Of(inner), moved).Sum, 1e-4, inner.Kind);
            Assert.True(Math.Abs(Measure.Of(inner, some).Sum - Measure.Of(inner, moved).Sum) > 0.1, inner.Kind);
        }
    }

    [Fact]
    public void Its_gradient_moves_neither_size_nor_place()
    {
        var some = ObjectiveCase.Random(1, 5, seed: 2);
        var gradient = Measure.Of(Create(), some).Gradient;
        Assert.Equal(0, gradient.Sum(), 1e-5f);
        Assert.Equal(0, gradient.Zip(some.Student, (g, z) => g * z).Sum(), 1e-5f);
    }

    [Fact]
    public void Classes_that_both_rule_out_are_as_if_they_were_not_there()
    {
        const float none = float.NegativeInfinity;
        var without = Measure.Of(Create(), new ObjectiveCase(1, 3, [1, -1, 3], [0.5f, 0.2f, 2], [0]));
        var masked = Measure.Of(Create(), new ObjectiveCase(1, 5, [1, none, -1, 3, none], [0.5f, none, 0.2f, 2, none], [0]));
        Assert.Equal(without.Sum, masked.Sum, 1e-6);
        Assert.Equal(without.Gradient[0], masked.Gradient[0], 1e-6f);
        Assert.Equal(0, masked.Gradient[1]);
    }

    [Fact]
    public void What_is_computed_in_parts_inside_is_so_outside()
    {
        Assert.True(Of(new SoftTargetsObjective()).IsRowwise);
        Assert.False(Of(new DistObjective()).IsRowwise);
    }

    [Fact]
    public void What_does_not_look_at_a_teacher_is_refused_and_so_is_a_second_time()
    {
        Assert.Contains("came labels", Assert.Throws<DecantException>(() => Of(new LabelsObjective())).Message, StringComparison.Ordinal);
        Assert.Contains("came logit-standardization", Assert.Throws<DecantException>(() => Of(Of(new SoftTargetsObjective()))).Message, StringComparison.Ordinal);
    }

    private static LogitStandardizationObjective Of(IObjective inner) => new(inner);
}
