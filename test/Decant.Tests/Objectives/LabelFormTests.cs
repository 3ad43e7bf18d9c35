using System.Text.Json;
using Decant.Data.Batching;
using Decant.Objectives.Logits;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Objectives;

/// <summary>The focal form of <c>labels</c>.</summary>
public sealed class FocalTests : ObjectiveSpecification
{
    private static readonly ObjectiveCase s_oddsOfThree = new(1, 2, [MathF.Log(3), 0], [0, 0], [0]);

    protected override string Kind => "labels";

    protected override bool IsDivergence => false;

    protected override bool CountsUnlabelled => false;

    protected override IObjective Create() => Focal(2);

    protected override IObjective Create(JsonElement options) => LabelsObjectiveTests.From(options);

    [Fact]
    public void Worked_by_hand_two_classes_at_odds_of_three_to_one()
    {
        // q = (¾, ¼), γ = 2: (¼)²·ln(4 ÷ 3); the gradient is (1 − p)²·(2·p·ln p ÷ (1 − p) − 1)·(onehot − q) with p = ¾.
        var (sum, count, gradient) = Measure.Of(Focal(2), s_oddsOfThree);
        Assert.Equal(1, count);
        Assert.Equal(Math.Log(4.0 / 3) / 16, sum, 1e-7);
        var slope = (2 * 0.75 * Math.Log(0.75) / 0.25 - 1) / 16;
        Assert.Equal(slope * 0.25, gradient[0], 1e-6);
        Assert.Equal(-slope * 0.25, gradient[1], 1e-6);
    }

    [Fact]
    public void At_gamma_0_it_is_the_cross_entropy()
    {
        var some = ObjectiveCase.Random(5, 4, seed: 8);
        var (plain, focal) = (Measure.Of(new LabelsObjective(), some), Measure.Of(Focal(0), some));
        Close(plain.Sum, focal.Sum, 1e-6, "sum");
        foreach (var (a, b) in plain.Gradient.Zip(focal.Gradient)) Close(a, b, 1e-6, "gradient");
    }

    [Fact]
    public void The_better_a_sample_is_answered_the_less_is_left_of_its_loss()
    {
        double Left(float logit)
        {
            var some = new ObjectiveCase(1, 2, [logit, 0], [0, 0], [0]);
            return Measure.Of(Focal(2), some).Sum / Measure.Of(new LabelsObjective(), some).Sum;
        }

        Assert.True(Left(-3) > 0.9 && Left(0) is > 0.24 and < 0.26 && Left(3) < 0.01, $"{Left(-3)}, {Left(0)}, {Left(3)}");
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2)]
    public void A_sample_that_is_answered_with_certainty_gives_a_loss_and_gradient_of_0(double gamma)
    {
        var (sum, _, gradient) = Measure.Of(Focal(gamma), new ObjectiveCase(1, 3, [300, -300, 0], [0, 0, 0], [0]));
        Assert.Equal(0, sum);
        Assert.All(gradient, g => Assert.Equal(0, g));
    }

    [Fact]
    public void Options_of_another_form_are_refused()
    {
        Assert.Contains("'gamma' belongs to 'loss: focal'", Assert.Throws<DecantException>(() => new LabelsObjective(new Labels { Gamma = 2 })).Message);
        Assert.Contains("'adjustment' belongs to", Assert.Throws<DecantException>(() => new LabelsObjective(new Labels { Loss = LabelForm.Focal, Adjustment = 1 })).Message);
        Assert.Contains("leave one of the two out", Assert.Throws<DecantException>(() => new LabelsObjective(new Labels { Loss = LabelForm.Focal, LabelSmoothing = 0.1 })).Message);
    }

    private static LabelsObjective Focal(double gamma) => new(new Labels { Loss = LabelForm.Focal, Gamma = gamma });
}

/// <summary>The forms of <c>labels</c> that know how frequent the classes are.</summary>
public sealed class LogitAdjustedTests : ObjectiveSpecification
{
    private static readonly Labels s_balanced = new() { Loss = LabelForm.BalancedSoftmax };

    protected override string Kind => "labels";

    protected override bool IsDivergence => false;

    protected override bool CountsUnlabelled => false;

    // Whatever the number of classes that the specification asks with.
    protected override IObjective Create() => new AnyClasses(counts => new LabelsObjective(new Labels { Loss = LabelForm.LogitAdjusted, Adjustment = 1.5 }, counts));

    protected override IObjective Create(JsonElement options) => LabelsObjectiveTests.From(options);

    [Fact]
    public void Worked_by_hand_three_to_one_in_frequency_undoes_three_to_one_in_the_logits()
    {
        // n = (3, 1) and z = (0, ln 3): n_c·e^z_c is 3 for both, so q = (½, ½).
        var some = new ObjectiveCase(1, 2, [0, MathF.Log(3)], [0, 0], [1]);
        var (sum, _, gradient) = Measure.Of(new LabelsObjective(s_balanced, Counts(3, 1)), some);
        Assert.Equal(Math.Log(2), sum, 1e-6);
        Assert.Equal(0.5, gradient[0], 1e-6);
        Assert.Equal(-0.5, gradient[1], 1e-6);
    }

    [Fact]
    public void The_balanced_softmax_is_the_logit_adjusted_form_at_1_and_both_are_the_cross_entropy_of_equal_classes()
    {
        var some = ObjectiveCase.Random(5, 3, seed: 9);
        var unequal = Counts(90, 9, 1);
        var balanced = Measure.Of(new LabelsObjective(s_balanced, unequal), some);
        Assert.Equal(balanced.Sum, Measure.Of(new LabelsObjective(new Labels { Loss = LabelForm.LogitAdjusted }, unequal), some).Sum);
        Close(Measure.Of(new LabelsObjective(), some).Sum, Measure.Of(new LabelsObjective(s_balanced, Counts(7, 7, 7)), some).Sum, 1e-6, "equal classes");
        Assert.NotEqual(Measure.Of(new LabelsObjective(), some).Sum, balanced.Sum, 1e-3);
    }

    [Fact]
    public void A_class_without_a_sample_counts_as_having_one_and_keeps_everything_finite()
    {
        var some = ObjectiveCase.Random(4, 3, seed: 9);
        var options = new Labels { Loss = LabelForm.BalancedSoftmax, LabelSmoothing = 0.1 };
        Assert.Equal(Measure.Of(new LabelsObjective(options, Counts(50, 1, 20)), some).Sum, Measure.Of(new LabelsObjective(options, Counts(50, 0, 20)), some).Sum);
    }

    [Fact]
    public void Without_classes_or_with_others_it_is_refused()
    {
        Assert.Contains("how many samples each class has", Assert.Throws<DecantException>(() => new LabelsObjective(s_balanced)).Message);
        using var scope = TensorScope.Open();
        using var batch = ObjectiveCase.Random(2, 3, seed: 1).Batch();
        var error = Assert.Throws<DecantException>(() => new LabelsObjective(s_balanced, Counts(1, 2)).Compute(new StudentOutput(Tensor.Zeros([2, 3])), null, batch));
        Assert.Contains("2 classes", error.Message);
        Assert.Contains("has 3", error.Message);
    }

    private static ObjectiveContext Counts(params long[] counts) => new() { ClassCounts = counts };

    private sealed class AnyClasses(Func<ObjectiveContext, LabelsObjective> create) : IObjective
    {
        public string Kind => "labels";

        public bool IsRowwise => true;

        public SignalKinds Needs => SignalKinds.None;

        public long Count(Batch batch) => batch.LabelledCount;

        public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch) =>
            create(Counts([.. Enumerable.Range(0, (int)student.Logits.Size(-1)).Select(c => 1000L / (1 + (7 * c)))])).Compute(student, teacher, batch);
    }
}
