using System.Text.Json;
using Decant.Objectives.Logits;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Objectives;

public sealed class LabelsObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "labels";

    protected override bool IsDivergence => false;

    protected override bool CountsUnlabelled => false;

    protected override bool TakesRuledOutClasses => false; // smoothing gives each class a share

    protected override IObjective Create() => new LabelsObjective(new Labels { LabelSmoothing = 0.1 });

    protected override IObjective Create(JsonElement options) => From(options);

    internal static LabelsObjective From(JsonElement options) => new(
        new Labels
        {
            LabelSmoothing = options.TryGetProperty("label-smoothing", out var smoothing) ? smoothing.GetDouble() : 0,
            ClassWeights = options.TryGetProperty("class-weights", out var weights) ? [.. weights.EnumerateArray().Select(w => w.GetDouble())] : null,
            Loss = options.TryGetProperty("form", out var form) ? Enum.Parse<LabelForm>(form.GetString()!.Replace("-", "", StringComparison.Ordinal), ignoreCase: true) : LabelForm.CrossEntropy,
            Gamma = options.TryGetProperty("gamma", out var gamma) ? gamma.GetDouble() : null,
            Adjustment = options.TryGetProperty("adjustment", out var adjustment) ? adjustment.GetDouble() : null,
        },
        options.TryGetProperty("class-counts", out var counts) ? new ObjectiveContext { ClassCounts = [.. counts.EnumerateArray().Select(n => n.GetInt64())] } : null);

    [Fact]
    public void Worked_by_hand_two_classes_at_odds_of_three_to_one()
    {
        // q = (¾, ¼): the loss of the first class is ln(4 ÷ 3), its gradient q − onehot = (−¼, ¼).
        var some = new ObjectiveCase(1, 2, [MathF.Log(3), 0], [0, 0], [0]);
        var (sum, count, gradient) = Measure.Of(new LabelsObjective(), some);
        Assert.Equal(1, count);
        Assert.Equal(Math.Log(4.0 / 3), sum, 1e-6);
        Assert.Equal(-0.25, gradient[0], 1e-6);
        Assert.Equal(0.25, gradient[1], 1e-6);
    }

    [Fact]
    public void Worked_by_hand_smoothing_moves_its_share_to_all_classes_the_label_included()
    {
        // ε = ½, C = 2: the target is (¾, ¼), which is what the student says: the gradient is 0 and the loss the entropy.
        var some = new ObjectiveCase(1, 2, [MathF.Log(3), 0], [0, 0], [0]);
        var (sum, _, gradient) = Measure.Of(new LabelsObjective(new Labels { LabelSmoothing = 0.5 }), some);
        Assert.Equal(0.75 * Math.Log(4.0 / 3) + 0.25 * Math.Log(4), sum, 1e-6);
        Assert.All(gradient, g => Assert.Equal(0, g, 1e-6f));
    }

    [Fact]
    public void A_class_weight_is_a_factor_and_the_count_does_not_move_with_it()
    {
        var some = new ObjectiveCase(2, 2, [1, -1, 0.5f, 2], [0, 0, 0, 0], [0, 0]);
        var plain = Measure.Of(new LabelsObjective(), some);
        var weighted = Measure.Of(new LabelsObjective(new Labels { ClassWeights = [3, 100] }), some);
        Assert.Equal(3 * plain.Sum, weighted.Sum, 1e-5);
        Assert.Equal(2, weighted.Count);
    }

    [Fact]
    public void Class_weights_that_do_not_fit_are_refused_with_both_counts()
    {
        using var scope = TensorScope.Open();
        using var batch = ObjectiveCase.Random(2, 3, seed: 1).Batch();
        var objective = new LabelsObjective(new Labels { ClassWeights = [1, 2] });
        var error = Assert.Throws<DecantException>(() => objective.Compute(new StudentOutput(Tensor.Zeros([2, 3])), null, batch));
        Assert.Contains("2 class weights", error.Message);
        Assert.Contains("3 classes", error.Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_class_weight_below_0_or_not_finite_is_refused_with_its_class(double weight)
    {
        var error = Assert.Throws<DecantException>(() => new LabelsObjective(new Labels { ClassWeights = [1, weight] }));
        Assert.Contains("class 1", error.Message);
    }

    [Fact]
    public void Smoothing_out_of_range_is_refused() =>
        Assert.Contains("LabelSmoothing", Assert.Throws<DecantException>(() => new LabelsObjective(new Labels { LabelSmoothing = 1 })).Message);
}
