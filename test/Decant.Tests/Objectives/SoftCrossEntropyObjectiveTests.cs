using System.Text.Json;
using Decant.Objectives.Logits;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Objectives;

public sealed class SoftCrossEntropyObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "soft-cross-entropy";

    protected override bool IsDivergence => false;

    protected override IObjective Create() => new SoftCrossEntropyObjective(new() { Temperature = 3 });

    protected override IObjective Create(JsonElement options) => new SoftCrossEntropyObjective(Options<SoftCrossEntropy>(options));

    [Fact]
    public void Worked_by_hand_a_coin_that_the_student_holds_for_three_to_one()
    {
        // p = (½, ½), q = (¾, ¼), τ = 1: −½ ln ¾ − ½ ln ¼; the gradient is q − p.
        var (sum, count, gradient) = Measure.Of(new SoftCrossEntropyObjective(new() { Temperature = 1 }), new ObjectiveCase(1, 2, [MathF.Log(3), 0], [7, 7], [0]));
        Assert.Equal(1, count);
        Assert.Equal(-0.5 * Math.Log(0.75) - 0.5 * Math.Log(0.25), sum, 1e-6);
        Assert.Equal([0.25f, -0.25f], gradient.Select(g => MathF.Round(g, 6)));
    }

    [Fact]
    public void Its_gradient_is_that_of_soft_targets_and_its_value_more_by_the_teachers_entropy()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var some = ObjectiveCase.Random(3, 5, seed);
            var (entropy, _, its) = Measure.Of(Create(), some);
            var (divergence, _, gradient) = Measure.Of(new SoftTargetsObjective(new() { Temperature = 3 }), some);
            Assert.Equal(Measure.Of(Create(), some with { Student = some.Teacher }).Sum, entropy - divergence, 1e-4);
            foreach (var (a, b) in gradient.Zip(its))
                Assert.Equal(a, b, 1e-5f);
        }
    }

    [Fact]
    public void Of_some_classes_it_is_the_sum_over_them_with_the_students_probabilities_over_all()
    {
        // Two rows of three classes; the second has one class, and a place that holds nothing. −2·(½ ln q₀ + ¼ ln q₂) and −2·(1 · ln q₁), τ² = 4 at τ = 2, weights 2 and 2.
        using var scope = TensorScope.Open();
        float[] logits = [1, 2, 3, 0, -1, 4];
        var student = Tensor.From(logits, 2, 3);
        student.RequiresGrad = true;
        var signal = new SparseProbabilities(Tensor.From([0L, 2, 1, 0], 2, 2), Tensor.From([0.5f, 0.25f, 1, 0], 2, 2), 2, 3);
        using var batch = new ObjectiveCase(2, 3, logits, logits, [0, 0]).Batch();
        var (sum, count) = new SoftCrossEntropyObjective().Compute(new StudentOutput(student), signal, batch, Tensor.From([2f, 2], 2));
        double LogQ(int row, int c) => logits[3 * row + c] / 2.0 - Math.Log(Enumerable.Range(0, 3).Sum(i => Math.Exp(logits[3 * row + i] / 2.0)));
        Assert.Equal(2, count);
        Assert.Equal(-4 * 2 * (0.5 * LogQ(0, 0) + 0.25 * LogQ(0, 2) + LogQ(1, 1)), sum.Detach().Item(), 1e-4);
        sum.Backward();
        var gradient = student.Grad!.ToArray<float>();
        for (var i = 0; i < 6; i++)
        {
            // τ²·w ÷ τ · (mass · q − p)
            var (row, c) = (i / 3, i % 3);
            var p = i switch { 0 => 0.5, 2 => 0.25, 4 => 1, _ => 0 };
            Assert.Equal(4 * 2 / 2.0 * ((row == 0 ? 0.75 : 1) * Math.Exp(LogQ(row, c)) - p), gradient[i], 1e-4);
        }
    }
}
