using Decant.Objectives;
using Decant.Objectives.Logits;
using Decant.Objectives.Temperatures;
using Decant.Torch;

namespace Decant.Tests.Objectives;

/// <summary>Temperatures that change over the training, with the sample, or by being learnt: at every point they are what a constant one would be.</summary>
public sealed class TemperatureTests : IDisposable
{
    private static readonly Dictionary<string, Func<Temperature, Divergence>> s_kinds = new()
    {
        ["soft-targets"] = t => new SoftTargetsObjective(new SoftTargets { Temperature = t }),
        ["soft-targets, unscaled"] = t => new SoftTargetsObjective(new SoftTargets { Temperature = t, ScaleByTemperatureSquared = false }),
        ["reverse-kl"] = t => new ReverseKlObjective(new ReverseKl { Temperature = t }),
        ["jensen-shannon"] = t => new JensenShannonObjective(new JensenShannon { Temperature = t, Beta = 0.3 }),
        ["skew-kl"] = t => new SkewKlObjective(new SkewKl { Temperature = t }),
        ["skew-reverse-kl"] = t => new SkewReverseKlObjective(new SkewReverseKl { Temperature = t }),
        ["adaptive-kl"] = t => new AdaptiveKlObjective(new AdaptiveKl { Temperature = t }),
        ["total-variation"] = t => new TotalVariationObjective(new TotalVariation { Temperature = t }),
        ["decoupled"] = t => new DecoupledObjective(new Decoupled { Temperature = t }),
    };

    private readonly TensorScope _scope = TensorScope.Open();

    public static TheoryData<string> Kinds => [.. s_kinds.Keys];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(0, 8, 8)]
    [InlineData(0.25, 6.5, 7.1213)] // 2 + 6·(1 + cos 45°) ÷ 2
    [InlineData(0.5, 5, 5)]
    [InlineData(1, 2, 2)]
    public void Over_the_training_it_goes_from_one_number_to_the_other(double progress, double line, double cosine)
    {
        foreach (var kind in s_kinds.Values)
        {
            Same(kind(line), kind(new LinearTemperature { From = 8, To = 2 }), progress, line);
            Same(kind(cosine), kind(new CosineTemperature { From = 8, To = 2 }), progress, cosine);
        }
    }

    [Fact]
    public void Worked_by_hand_a_coin_held_for_three_to_one_and_how_sure_that_is()
    {
        // p = (¾, ¼): H ÷ ln 2 = 0.81128, s = 0.18872 and τ = 1 + 5·s by entropy; (¾ − ½) ÷ ½ = ½ and τ = 3.5 by confidence.
        var coin = new ObjectiveCase(1, 2, [0.3f, 1], [MathF.Log(3), 0], [0]);
        foreach (var kind in s_kinds.Values)
        {
            Same(kind(1 + 5 * 0.188722), kind(new EntropyTemperature { Confident = 6, Uncertain = 1 }), 0, 1.94361, coin);
            Same(kind(3.5), kind(new ConfidenceTemperature { Confident = 6, Uncertain = 1 }), 0, 3.5, coin);
        }
    }

    [Theory]
    [InlineData(new[] { 4f, 4, 4 }, 1)]
    [InlineData(new[] { 90f, 0, 0 }, 6)]
    [InlineData(new[] { 0f, float.NegativeInfinity, float.NegativeInfinity }, 6)]
    public void A_teacher_that_is_sure_has_one_end_and_one_that_knows_nothing_the_other(float[] teacher, double temperature)
    {
        var some = new ObjectiveCase(1, 3, [0.3f, 1, -1], teacher, [0]);
        foreach (var kind in s_kinds.Values)
        {
            Same(kind(temperature), kind(new EntropyTemperature { Confident = 6, Uncertain = 1 }), 0, temperature, some);
            Same(kind(temperature), kind(new ConfidenceTemperature { Confident = 6, Uncertain = 1 }), 0, temperature, some);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_sample_has_its_own_however_the_batch_is_split(string name)
    {
        var temperature = new ConfidenceTemperature { Confident = 6, Uncertain = 0.5 };
        var some = ObjectiveCase.Random(7, 5, seed: 3);
        using var objective = s_kinds[name](temperature);
        var whole = Measure.Of(objective, some);
        var mean = objective.Settings["temperature"];
        using var apart = s_kinds[name](temperature);
        var rows = Enumerable.Range(0, 7).Select(i => Measure.Of(apart, some.Rows(i, i + 1))).ToArray();
        Assert.Equal(whole.Sum, rows.Sum(r => r.Sum), 1e-4);
        foreach (var (a, b) in whole.Gradient.Zip(rows.SelectMany(r => r.Gradient)))
            Assert.Equal(a, b, 1e-5f);
        if (name != "decoupled") // which does not look at all of them
            Assert.Equal(mean, apart.Settings["temperature"], 1e-5);
        apart.Begin(0.5);
        Assert.Empty(apart.Settings);
    }

    [Fact]
    public void One_that_stays_is_nothing_to_tell_of() => Assert.Empty(new SoftTargetsObjective().Settings);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Learnt_it_gives_the_student_what_a_constant_one_gives_and_itself_what_enlarges_the_loss(string name)
    {
        // Bounds 1 and 5, in the middle: dτ ÷ dθ = 4·½·½ = 1.
        using var learned = s_kinds[name](new LearnedTemperature { Min = 1, Max = 5, Start = 3, GradientScale = 0.5 });
        var some = ObjectiveCase.Random(4, 5, seed: 9);
        var (sum, _, gradient) = Measure.Of(learned, some);
        var constant = Measure.Of(s_kinds[name](3), some);
        Assert.Equal(constant.Sum, sum, 1e-4);
        Assert.All(constant.Gradient.Zip(gradient), g => Assert.Equal(g.First, g.Second, 1e-5f));
        Assert.Equal(0, Slope(learned)); // the rise begins

        learned.Begin(1);
        _ = Measure.Of(learned, some);
        if (name != "adaptive-kl") // whose weights are held fixed
        {
            var slope = (Measure.Of(s_kinds[name](3.02), some).Sum - Measure.Of(s_kinds[name](2.98), some).Sum) / 0.04;
            Assert.Equal(-0.5 * slope, Slope(learned), 2e-2 * Math.Max(1, Math.Abs(slope)));
        }

        Assert.False(learned.IsRowwise);
        Assert.Equal(3, learned.Settings["temperature"], 1e-5);
    }

    [Theory]
    [MemberData(nameof(ObjectiveSpecification.Edges), MemberType = typeof(ObjectiveSpecification))]
    public void Learnt_all_its_gradients_are_finite_at_the_edges(string edge, float[] student, float[] teacher)
    {
        foreach (var (name, kind) in s_kinds)
        {
            using var learned = kind(new LearnedTemperature());
            learned.Begin(1);
            var (sum, _, gradient) = Measure.Of(learned, new ObjectiveCase(1, student.Length, student, teacher, [0]));
            var slope = Slope(learned);
            Assert.True(double.IsFinite(sum) && double.IsFinite(slope), $"{name}, {edge}: {sum}, {slope}");
            Assert.All(gradient, g => Assert.True(float.IsFinite(g), $"{name}, {edge}"));
        }
    }

    [Fact]
    public void However_far_it_is_pushed_it_stays_within_its_bounds()
    {
        using var learned = new SoftTargetsObjective(new SoftTargets { Temperature = new LearnedTemperature { Min = 2, Max = 7, Start = 3 } });
        using var theta = learned.Trained.NamedParameters().Single().Value.Detach();
        foreach (var (push, end) in new[] { (1e6, 7.0), (-2e6, 2.0) })
        {
            theta.AddInPlace(push);
            Assert.Equal(end, learned.Settings["temperature"], 1e-6);
            Assert.True(double.IsFinite(Measure.Of(learned, ObjectiveCase.Random(2, 3, seed: 1)).Sum));
        }
    }

    [Theory]
    [InlineData(1, 1, 20)]
    [InlineData(5, 4, 20)]
    [InlineData(1, 20, 20)]
    public void It_begins_between_its_bounds(double least, double start, double most)
    {
        var error = Assert.Throws<DecantException>(() => s_kinds["reverse-kl"](new LearnedTemperature { Min = least, Start = start, Max = most }));
        Assert.Contains($"min {least}, start {start}, max {most}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Standardised_logits_are_warmed_as_any_others()
    {
        using var objective = new LogitStandardizationObjective(new ReverseKlObjective(new ReverseKl { Temperature = new LinearTemperature { From = 4, To = 1 } }));
        Same(new LogitStandardizationObjective(new ReverseKlObjective(new ReverseKl { Temperature = 2.5 })), objective, 0.5, 2.5);
        using var learned = new LogitStandardizationObjective(new ReverseKlObjective(new ReverseKl { Temperature = new LearnedTemperature() }));
        Assert.Single(learned.Trained.NamedParameters());
        Assert.False(learned.IsRowwise);
        Assert.Empty(objective.Trained.NamedParameters());
    }

    private static void Same(
        Decant.Signals.IObjective constant, Decant.Signals.IAdaptiveObjective changing, double progress, double temperature, ObjectiveCase? of = null)
    {
        var some = of ?? ObjectiveCase.Random(3, 4, seed: 2);
        changing.Begin(progress);
        var (expected, came) = (Measure.Of(constant, some), Measure.Of(changing, some));
        Assert.Equal(expected.Sum, came.Sum, 1e-3 * Math.Max(1, expected.Sum));
        Assert.All(expected.Gradient.Zip(came.Gradient), g => Assert.Equal(g.First, g.Second, 1e-3f));
        Assert.Equal(temperature, changing.Settings["temperature"], 1e-4);
        (changing as IDisposable)?.Dispose();
    }

    private static double Slope(Divergence learned)
    {
        var parameter = learned.Trained.NamedParameters().Single().Value;
        var slope = parameter.Grad!.ToArray<float>()[0];
        parameter.Grad = null;
        return slope;
    }
}
