using System.Text.Json;
using Decant.Objectives.Logits;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Objectives;

public sealed class SoftTargetsObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "soft-targets";

    protected override IObjective Create() => At(3);

    protected override IObjective Create(JsonElement options) => new SoftTargetsObjective(Options<SoftTargets>(options));

    [Fact]
    public void Worked_by_hand_a_coin_that_the_student_holds_for_three_to_one()
    {
        // p = (½, ½), q = (¾, ¼), τ = 1: ½ ln(½ ÷ ¾) + ½ ln(½ ÷ ¼) = ½ ln(4 ÷ 3); the gradient is q − p.
        var some = new ObjectiveCase(1, 2, [MathF.Log(3), 0], [7, 7], [0]);
        var (sum, count, gradient) = Measure.Of(At(1), some);
        Assert.Equal(1, count);
        Assert.Equal(0.5 * Math.Log(4.0 / 3), sum, 1e-6);
        Assert.Equal(0.25, gradient[0], 1e-6);
        Assert.Equal(-0.25, gradient[1], 1e-6);
    }

    [Fact]
    public void Worked_by_hand_the_temperature_divides_the_logits_and_its_square_multiplies_the_sum()
    {
        // The logits of the coin doubled, at τ = 2: the same distributions, times 4; the gradient is τ·(q − p).
        var some = new ObjectiveCase(1, 2, [2 * MathF.Log(3), 0], [7, 7], [0]);
        var (sum, _, gradient) = Measure.Of(At(2), some);
        Assert.Equal(4 * 0.5 * Math.Log(4.0 / 3), sum, 1e-6);
        Assert.Equal(2 * 0.25, gradient[0], 1e-6);
    }

    [Fact]
    public void The_default_temperature_is_2_and_scaled()
    {
        var some = ObjectiveCase.Random(3, 4, seed: 1);
        Assert.Equal(Measure.Of(At(2), some).Sum, Measure.Of(new SoftTargetsObjective(), some).Sum);
    }

    [Fact]
    public void With_the_square_of_the_temperature_the_gradient_does_not_shrink_as_it_grows()
    {
        var some = ObjectiveCase.Random(8, 10, seed: 2);
        var warm = Norm(Measure.Of(At(20), some).Gradient);
        Assert.Equal(1, Norm(Measure.Of(At(200), some).Gradient) / warm, 0.05);
        Assert.Equal(0.01, Norm(Measure.Of(At(200, scaled: false), some).Gradient) / Norm(Measure.Of(At(20, scaled: false), some).Gradient), 0.001);
    }

    [Fact]
    public void At_a_high_temperature_it_teaches_what_centred_logits_teach()
    {
        // Hinton et al. 2015, eq. 4: the gradient tends to (z_s − z_t) ÷ C of centred logits, half of that of logits-mse.
        var some = ObjectiveCase.Random(4, 6, seed: 3);
        var soft = Measure.Of(At(1000), some).Gradient;
        var mse = Measure.Of(new LogitsMseObjective(new LogitsMse { Centre = true }), some).Gradient;
        foreach (var (a, b) in soft.Zip(mse))
            Assert.Equal(b / 2, a, 2e-3f);
    }

    [Fact]
    public void A_teacher_that_is_sure_teaches_what_the_label_teaches()
    {
        // One-hot: the teacher's entropy is 0, so that the divergence is the cross-entropy with its class.
        var some = new ObjectiveCase(1, 3, [0.3f, -1, 2], [-6e4f, 6e4f, -6e4f], [1]);
        var (soft, hard) = (Measure.Of(At(1), some), Measure.Of(new LabelsObjective(), some));
        Assert.Equal(hard.Sum, soft.Sum, 1e-6);
        Assert.Equal(hard.Gradient, soft.Gradient);
    }

    [Theory]
    [InlineData(0.5f)]
    [InlineData(float.NegativeInfinity)]
    public void A_class_that_the_teacher_masks_by_minus_infinity_has_no_part(float student)
    {
        var masked = new ObjectiveCase(1, 3, [1, -1, student], [0.5f, 0.2f, float.NegativeInfinity], [0]);
        var (sum, _, gradient) = Measure.Of(At(2), masked);
        Assert.True(double.IsFinite(sum));
        Assert.All(gradient, g => Assert.True(float.IsFinite(g)));
        if (float.IsNegativeInfinity(student))
        {
            var without = new ObjectiveCase(1, 2, [1, -1], [0.5f, 0.2f], [0]);
            Assert.Equal(Measure.Of(At(2), without).Sum, sum, 1e-6);
        }
    }

    [Fact]
    public void Its_own_gradient_is_that_of_the_formula_in_ordinary_operators()
    {
        var random = new Random(8);
        for (var trial = 0; trial < 200; trial++)
        {
            var some = ObjectiveCase.Random(1 + random.Next(6), 2 + random.Next(12), seed: trial, scale: 1 + (float)random.NextDouble() * 3);
            if (trial % 2 == 1)
            {
                float[] masked = [.. some.Teacher];
                for (var i = 0; i < masked.Length; i++)
                    if (i % some.Classes != 0 && random.Next(3) == 0) masked[i] = float.NegativeInfinity; // one class stays
                some = some with { Teacher = masked };
            }

            var temperature = Math.Exp(Math.Log(0.5) + random.NextDouble() * Math.Log(40)); // 0.5 to 20
            // 32 bits hold the divergence to 1e-6; what it is multiplied by multiplies that too.
            var scaled = random.Next(2) == 0;
            var (sumTo, gradientTo) = scaled ? (1e-6 * Math.Max(1, temperature * temperature), 1e-6 * Math.Max(1, temperature)) : (1e-6, 1e-6);
            var (sum, _, gradient) = Measure.Of(At(temperature, scaled), some);
            var (plainSum, plainGradient) = Plain(some, temperature, scaled ? temperature * temperature : 1);
            Assert.True(Math.Abs(plainSum - sum) <= sumTo * Math.Max(1, plainSum), $"trial {trial}: {sum} and {plainSum}");
            for (var i = 0; i < gradient.Length; i++)
                Assert.True(Math.Abs(plainGradient[i] - gradient[i]) <= gradientTo * Math.Max(1, Math.Abs(plainGradient[i])), $"trial {trial}: {gradient[i]} and {plainGradient[i]}");
        }
    }

    [Fact]
    public void Without_recording_it_is_a_plain_number()
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var some = ObjectiveCase.Random(3, 4, seed: 1);
        using var batch = some.Batch();
        var logits = Tensor.From(some.Student, 3, 4);
        logits.RequiresGrad = true;
        var (sum, _) = At(2).Compute(new StudentOutput(logits), new DenseLogits(Tensor.From(some.Teacher, 3, 4)), batch);
        Assert.False(sum.RequiresGrad);
        Assert.False(Autograd.IsEnabled);
    }

    /// <summary>The formula as it stands in the paper, in float64, differentiated by autograd.</summary>
    private static (double Sum, double[] Gradient) Plain(ObjectiveCase some, double temperature, double scale)
    {
        using var scope = TensorScope.Open();
        var student = Tensor.From(some.Student, some.Samples, some.Classes).To(DType.Float64);
        student.RequiresGrad = true;
        var logP = (Tensor.From(some.Teacher, some.Samples, some.Classes).To(DType.Float64) / temperature).LogSoftmax(-1);
        var p = logP.Exp();
        var sum = (p * (logP.MaskedFill(p.EqualTo(0), 0) - (student / temperature).LogSoftmax(-1))).Sum() * scale;
        sum.Backward();
        return (sum.Detach().Item(), student.Grad!.ToArray<double>());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_temperature_that_is_none_is_refused(double temperature) =>
        Assert.Contains("Temperature", Assert.Throws<DecantException>(() => At(temperature)).Message);

    private static SoftTargetsObjective At(double temperature, bool scaled = true) =>
        new(new SoftTargets { Temperature = temperature, ScaleByTemperatureSquared = scaled });

    private static double Norm(float[] gradient) => Math.Sqrt(gradient.Sum(g => (double)g * g));
}
