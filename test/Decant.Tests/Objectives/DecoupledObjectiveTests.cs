using System.Text.Json;
using Decant.Objectives.Logits;
using Decant.Signals;

namespace Decant.Tests.Objectives;

public sealed class DecoupledObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "decoupled";

    protected override bool CountsUnlabelled => false;

    protected override IObjective Create() => With(1, 2, 3);

    protected override IObjective Create(JsonElement options) => new DecoupledObjective(Options<Decoupled>(options));

    [Fact]
    public void Worked_by_hand_four_classes()
    {
        // p = (½, ¼, ⅛, ⅛), q = (¼, ¼, ¼, ¼), y = 0: b_t = (½, ½), b_s = (¼, ¾); the others (½, ¼, ¼) and (⅓, ⅓, ⅓).
        var some = new ObjectiveCase(1, 4, [0, 0, 0, 0], [MathF.Log(4), MathF.Log(2), 0, 0], [0]);
        var target = 0.5 * Math.Log(2) + 0.5 * Math.Log(2.0 / 3);
        var rest = 0.5 * Math.Log(1.5) + 0.5 * Math.Log(0.75);
        var (sum, count, gradient) = Measure.Of(With(3, 5, 1), some);
        Assert.Equal(1, count);
        Assert.Equal(3 * target + 5 * rest, sum, 1e-6);
        // α·(q_y − p_y)·(1, −q̂) + β·(0, q̂ − p̂).
        Assert.Equal(3 * -0.25, gradient[0], 1e-6);
        Assert.Equal(3 * 0.25 / 3 + 5 * (1.0 / 3 - 0.5), gradient[1], 1e-6);
        Assert.Equal(3 * 0.25 / 3 + 5 * (1.0 / 3 - 0.25), gradient[2], 1e-6);
    }

    [Fact]
    public void The_forward_divergence_is_the_target_and_the_rest_times_what_the_teacher_leaves_to_it()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var some = ObjectiveCase.Random(1, 2 + seed % 6, seed, scale: 1 + seed % 4);
            var p = some.Teacher.Select(z => Math.Exp(z / 2.0)).ToArray();
            var left = 1 - p[some.Labels[0]] / p.Sum();
            var (whole, target, rest) = (Measure.Of(new SoftTargetsObjective(), some), Measure.Of(With(1, 0, 2), some), Measure.Of(With(0, 1, 2), some));
            Close(whole.Sum, target.Sum + left * rest.Sum, 1e-5, $"seed {seed}");
            for (var i = 0; i < whole.Gradient.Length; i++)
                Close(whole.Gradient[i], target.Gradient[i] + left * rest.Gradient[i], 1e-5, $"seed {seed}, gradient {i}");
        }
    }

    [Fact]
    public void Of_two_classes_nothing_is_left_among_the_others()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var (sum, _, gradient) = Measure.Of(With(0, 8, 2), ObjectiveCase.Random(3, 2, seed));
            Assert.Equal(0, sum);
            Assert.All(gradient, g => Assert.Equal(0, g));
        }
    }

    [Fact]
    public void A_teacher_that_is_as_good_as_sure_still_says_something_of_the_others()
    {
        // p_y = 1 − 10⁻¹³ is 1 in float32, where log(1 − p_y) would be −∞.
        var some = new ObjectiveCase(1, 3, [30, 2, 0], [30, 0, 1], [0]);
        var (sum, _, gradient) = Measure.Of(With(0, 1, 1), some);
        double[] p = [1 / (1 + Math.E), Math.E / (1 + Math.E)], q = [Math.Exp(2) / (1 + Math.Exp(2)), 1 / (1 + Math.Exp(2))];
        Assert.Equal(p[0] * Math.Log(p[0] / q[0]) + p[1] * Math.Log(p[1] / q[1]), sum, 1e-5);
        Assert.Equal(q[0] - p[0], gradient[1], 1e-5);
    }

    [Fact]
    public void A_teacher_that_leaves_no_other_class_teaches_the_label_alone()
    {
        var some = new ObjectiveCase(1, 3, [0.5f, -1, 2], [0, float.NegativeInfinity, float.NegativeInfinity], [0]);
        var (sum, _, gradient) = Measure.Of(With(1, 8, 1), some);
        var labels = Measure.Of(new LabelsObjective(), some);
        Assert.Equal(labels.Sum, sum, 1e-6);
        Assert.All(labels.Gradient.Zip(gradient), g => Assert.Equal(g.First, g.Second, 1e-6f));
    }

    [Fact]
    public void One_class_is_refused()
    {
        var error = Assert.Throws<DecantException>(() => Measure.Of(With(1, 1, 1), new ObjectiveCase(1, 1, [0], [0], [0])));
        Assert.Contains("one class only", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_learn_is_refused() =>
        Assert.Contains("'alpha' or 'beta'", Assert.Throws<DecantException>(() => With(0, 0, 1)).Message, StringComparison.Ordinal);

    private static DecoupledObjective With(double alpha, double beta, double temperature) => new(new Decoupled { Alpha = alpha, Beta = beta, Temperature = temperature });
}
