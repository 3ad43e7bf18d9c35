using System.Text.Json;
using Decant.Objectives.Logits;
using Decant.Signals;

namespace Decant.Tests.Objectives;

public sealed class BinarySoftTargetsObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "binary-soft-targets";

    protected override bool TakesRuledOutClasses => false; // each label is a question of its own, and none is ruled out by others

    protected override IObjective Create() => new BinarySoftTargetsObjective();

    protected override IObjective Create(JsonElement options) => new BinarySoftTargetsObjective(Options<BinarySoftTargets>(options));

    [Fact]
    public void Worked_by_hand_a_sure_teacher_and_an_unsure_student_are_log_2_apart()
    {
        // p = σ(100) = 1, q = σ(0) = ½: 1·log(1 ÷ ½); the second label agrees. Halved; the gradient is (q − p) ÷ C.
        var some = new ObjectiveCase(1, 2, [0, 3], [100, 3], [0]);
        var (sum, count, gradient) = Measure.Of(new BinarySoftTargetsObjective(new() { Temperature = 1 }), some);
        Assert.Equal(Math.Log(2) / 2, sum, 1e-6);
        Assert.Equal(1, count);
        Assert.Equal(-0.25, gradient[0], 1e-6);
        Assert.Equal(0, gradient[1], 1e-6);
    }
}
