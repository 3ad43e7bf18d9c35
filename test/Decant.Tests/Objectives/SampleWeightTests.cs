using Decant.Data.Batching;
using Decant.Objectives.Logits;
using Decant.Objectives.SampleWeights;
using Decant.Objectives.Temperatures;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Objectives;

/// <summary>A factor of each sample's own: the whole is the sum of what each sample alone would be, times its factor.</summary>
public sealed class SampleWeightTests : IDisposable
{
    private static readonly Dictionary<string, Func<IRowObjective>> s_kinds = new()
    {
        ["labels"] = () => new LabelsObjective(),
        ["labels, smoothed, classes weighted"] = () => new LabelsObjective(new Labels { LabelSmoothing = 0.2, ClassWeights = [1, 2, 0.5, 1, 3] }),
        ["labels, focal"] = () => new LabelsObjective(new Labels { Loss = LabelForm.Focal, Gamma = 1.5 }),
        ["soft-targets"] = () => new SoftTargetsObjective(),
        ["soft-targets, unscaled"] = () => new SoftTargetsObjective(new SoftTargets { Temperature = 4, ScaleByTemperatureSquared = false }),
        ["soft-targets, a temperature of the sample's own"] = () => new SoftTargetsObjective(new SoftTargets { Temperature = new EntropyTemperature { Confident = 5, Uncertain = 1 } }),
        ["soft-targets, learned"] = () => new SoftTargetsObjective(new SoftTargets { Temperature = new LearnedTemperature() }),
        ["reverse-kl"] = () => new ReverseKlObjective(),
        ["jensen-shannon"] = () => new JensenShannonObjective(),
        ["skew-kl"] = () => new SkewKlObjective(),
        ["skew-reverse-kl"] = () => new SkewReverseKlObjective(),
        ["adaptive-kl"] = () => new AdaptiveKlObjective(),
        ["total-variation"] = () => new TotalVariationObjective(),
        ["decoupled"] = () => new DecoupledObjective(),
        ["logits-mse"] = () => new LogitsMseObjective(),
        ["cosine"] = () => new CosineObjective(new Cosine { Centre = true }),
    };

    private readonly TensorScope _scope = TensorScope.Open();

    public static TheoryData<string> Kinds => [.. s_kinds.Keys];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_sample_counts_by_how_sure_its_teacher_is(string name)
    {
        var some = ObjectiveCase.Random(7, 5, seed: 11);
        foreach (var (weight, sureness) in new (SampleWeight, Func<double[], double>)[]
        {
            (new ConfidenceWeight { Confident = 0.25, Uncertain = 2 }, p => (p.Max() - 0.2) / 0.8),
            (new EntropyWeight { Confident = 0.25, Uncertain = 2 }, p => 1 + p.Sum(x => x * Math.Log(x)) / Math.Log(5)),
        })
        {
            using var weighted = new SampleWeighted(s_kinds[name](), weight);
            var whole = Measure.Of(weighted, some);
            var (sum, count, gradient) = (0.0, 0L, new List<double>());
            for (var i = 0; i < some.Samples; i++)
            {
                var plain = s_kinds[name]();
                var alone = Measure.Of(plain, some.Rows(i, i + 1));
                (plain as IDisposable)?.Dispose();
                var factor = 2 + (0.25 - 2) * sureness(Softmax(some.Teacher[(i * 5)..(i * 5 + 5)]));
                sum += factor * alone.Sum;
                count += alone.Count;
                gradient.AddRange(alone.Gradient.Select(g => factor * g));
            }

            Assert.Equal(count, whole.Count);
            Assert.Equal(sum, whole.Sum, 1e-4 * Math.Max(1, Math.Abs(sum)));
            foreach (var (a, b) in gradient.Zip(whole.Gradient))
                Assert.Equal(a, b, 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Where_all_factors_are_one_it_is_the_plain_objective(string name)
    {
        var some = ObjectiveCase.Random(6, 5, seed: 2);
        using var weighted = new SampleWeighted(s_kinds[name](), new EntropyWeight { Confident = 1, Uncertain = 1 });
        var plain = s_kinds[name]();
        var (one, other) = (Measure.Of(weighted, some), Measure.Of(plain, some));
        Assert.Equal(other.Sum, one.Sum, 1e-4);
        foreach (var (a, b) in other.Gradient.Zip(one.Gradient))
            Assert.Equal(a, b, 1e-6);
        Assert.Equal((plain.Kind, plain.IsRowwise), (weighted.Kind, weighted.IsRowwise));
        (plain as IDisposable)?.Dispose();
    }

    [Fact]
    public void Worked_by_hand_a_coin_held_for_three_to_one_counts_half_way_between()
    {
        // p = (¾, ¼): s = (¾ − ½) ÷ ½ = ½, the factor ½·(3 + 1) = 2; the student says ½, and the label costs ln 2.
        var coin = new ObjectiveCase(1, 2, [0.7f, 0.7f], [MathF.Log(3), 0], [1]);
        using var weighted = new SampleWeighted(new LabelsObjective(), new ConfidenceWeight { Confident = 3, Uncertain = 1 });
        var (sum, count, gradient) = Measure.Of(weighted, coin);
        Assert.Equal(2 * Math.Log(2), sum, 1e-6);
        Assert.Equal(1, count);
        Assert.Equal([1, -1], gradient.Select(g => Math.Round(g, 5)));
        Assert.Equal(2, weighted.Settings["sample-weight"], 1e-6);
        weighted.Begin(0.5);
        Assert.Empty(weighted.Settings);
    }

    [Fact]
    public void A_class_that_the_teacher_rules_out_makes_it_surer_and_a_batch_without_labels_is_nothing()
    {
        using var weighted = new SampleWeighted(new LabelsObjective(), new EntropyWeight { Confident = 5, Uncertain = 1 });
        var sure = new ObjectiveCase(1, 2, [0, 0], [0, float.NegativeInfinity], [0]);
        Assert.Equal(5 * Math.Log(2), Measure.Of(weighted, sure).Sum, 1e-5);
        Assert.Equal((0.0, 0L), (Measure.Of(weighted, sure with { Labels = [Batch.NoLabel] }).Sum, Measure.Of(weighted, sure with { Labels = [Batch.NoLabel] }).Count));
        Assert.Equal(SignalKinds.DenseLogits, weighted.Needs);
    }

    [Fact]
    public void Two_factors_of_nothing_leave_nothing_to_learn() => Assert.Contains(
        "both factors of 'sample-weighting' are 0", Assert.Throws<DecantException>(() => new SampleWeighted(new LabelsObjective(), new EntropyWeight { Confident = 0, Uncertain = 0 })).Message, StringComparison.Ordinal);

    private static double[] Softmax(float[] logits)
    {
        var exp = logits.Select(z => Math.Exp(z - logits.Max())).ToArray();
        return [.. exp.Select(e => e / exp.Sum())];
    }
}
