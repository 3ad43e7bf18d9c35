using Decant.Objectives.Sequence;
using Decant.Signals;

namespace Decant.Tests.Objectives.Sequence;

/// <summary>Every estimator against sums over all texts of two models of five tokens.</summary>
public sealed class OnPolicyExpectationTests
{
    private const double Tolerance = 2e-4;

    public static TheoryData<string, OnPolicy> Unbiased()
    {
        var data = new TheoryData<string, OnPolicy>();
        foreach (var divergence in Enum.GetValues<TokenDivergence>())
        {
            foreach (var future in new[] { 0.0, 1.0 })
            {
                var options = new OnPolicy { Divergence = divergence, Future = future, Beta = 0.3, Skew = 0.2 };
                data.Add($"{divergence} full {future}", options);
                data.Add($"{divergence} all 5 of 5, {future}", options with { Granularity = Granularity.TopK, K = 5 });
                data.Add($"{divergence} log-ratio {future}", options with { Granularity = Granularity.Sampled, Estimator = SampledEstimator.LogRatio });
                data.Add($"{divergence} low-variance {future}", options with { Granularity = Granularity.Sampled });
            }
        }

        data.Add("jensen-shannon at 0", new() { Divergence = TokenDivergence.JensenShannon, Beta = 0, Granularity = Granularity.Sampled });
        data.Add("jensen-shannon at 1", new() { Divergence = TokenDivergence.JensenShannon, Beta = 1, Granularity = Granularity.Sampled });
        return data;
    }

    [Theory]
    [MemberData(nameof(Unbiased))]
    public void The_mean_is_the_divergence_and_its_gradient(string name, OnPolicy options)
    {
        _ = name;
        var models = new Enumerated(seed: 3);
        var (value, gradient) = models.Exact(options, ofWholeTexts: options.Future == 1);
        var expected = models.Expected(new OnPolicyObjective(options));
        Assert.Equal(value, expected.Value, Tolerance);
        Assert.True(Distance(gradient, expected.Gradient) < Tolerance, $"{Distance(gradient, expected.Gradient)}");
    }

    [Fact]
    public void Whose_gradient_an_estimate_has_as_a_loss()
    {
        var models = new Enumerated(seed: 4);
        var loss = new OnPolicy { Granularity = Granularity.Sampled, Gradient = SampledGradient.Loss };
        var reverse = models.Exact(new OnPolicy(), ofWholeTexts: false).Gradient;
        var forward = models.Exact(new OnPolicy { Divergence = TokenDivergence.Forward }, ofWholeTexts: false).Gradient;
        Assert.True(Distance(reverse, models.Expected(new OnPolicyObjective(loss with { Estimator = SampledEstimator.Squared })).Gradient) < Tolerance);
        var lowVariance = models.Expected(new OnPolicyObjective(loss)).Gradient;
        Assert.True(Distance(forward, lowVariance) < Tolerance);
        Assert.True(Distance(reverse, lowVariance) > 0.05);
        Assert.Contains("nothing would be learned", Assert.Throws<DecantException>(() => new OnPolicyObjective(loss with { Estimator = SampledEstimator.LogRatio })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_divergence_of_whole_texts_has_another_gradient_than_that_of_each_token()
    {
        var models = new Enumerated(seed: 3);
        var ofTexts = models.Exact(new OnPolicy(), ofWholeTexts: true).Gradient;
        Assert.True(Distance(ofTexts, models.Expected(new OnPolicyObjective(new OnPolicy())).Gradient) > 0.05);
    }

    [Fact]
    public void A_wrong_estimator_is_found()
    {
        var models = new Enumerated(seed: 3);
        var exact = models.Exact(new OnPolicy(), ofWholeTexts: false);
        var expected = models.Expected(new ClampedAtZero(new OnPolicyObjective(new OnPolicy { Granularity = Granularity.Sampled, Estimator = SampledEstimator.LogRatio, MeanOver = MeanOver.Tokens })));
        Assert.True(Math.Abs(exact.Value - expected.Value) > 0.05);
        Assert.True(Distance(exact.Gradient, expected.Gradient) > 0.05);
    }

    [Fact]
    public void The_variance_is_that_of_drawn_texts_and_the_low_variance_estimator_has_less_of_it()
    {
        var models = new Enumerated(seed: 5, scale: 0.5);
        var options = new OnPolicy { Granularity = Granularity.Sampled };
        foreach (var estimator in new[] { SampledEstimator.LogRatio, SampledEstimator.LowVariance })
        {
            var objective = new OnPolicyObjective(options with { Estimator = estimator });
            var (value, variance, _) = models.Expected(objective);
            double[] drawn = [.. models.Draw(models.Student, 4000, seed: 6).Select(text => models.Of(objective, [text], models.Student).Sum)];
            var mean = drawn.Average();
            // Four standard errors: √(variance ÷ 4,000).
            Assert.InRange(mean, value - (4 * Math.Sqrt(variance / drawn.Length)), value + (4 * Math.Sqrt(variance / drawn.Length)));
            Assert.InRange(drawn.Sum(d => (d - mean) * (d - mean)) / (drawn.Length - 1), 0.8 * variance, 1.25 * variance);
        }

        var (ofRatio, ofLow) = (models.Expected(new OnPolicyObjective(options with { Estimator = SampledEstimator.LogRatio })).Variance, models.Expected(new OnPolicyObjective(options)).Variance);
        Assert.True(ofLow < 0.5 * ofRatio, $"{ofLow} and {ofRatio}");
        Assert.True(models.Expected(new OnPolicyObjective()).Variance < ofLow, "the exact divergence of each token varies with the prefixes alone");
    }

    [Theory]
    [InlineData(Granularity.Full, 0.0)]
    [InlineData(Granularity.Full, 1.0)]
    [InlineData(Granularity.Sampled, 0.0)]
    [InlineData(Granularity.Sampled, 1.0)]
    public void Texts_of_another_writer_are_weighted_right_by_their_prefixes_and_wrongly_without(Granularity granularity, double future)
    {
        var models = new Enumerated(seed: 7, scale: 0.8);
        var options = new OnPolicy { Granularity = granularity, Future = future, Importance = ImportanceWeights.Prefix };
        var exact = models.Exact(options, ofWholeTexts: future == 1);
        var weighted = models.Expected(new OnPolicyObjective(options), models.Other);
        Assert.Equal(exact.Value, weighted.Value, Tolerance);
        Assert.True(Distance(exact.Gradient, weighted.Gradient) < Tolerance, $"{Distance(exact.Gradient, weighted.Gradient)}");
        var plain = models.Expected(new OnPolicyObjective(options with { Importance = ImportanceWeights.None }), models.Other);
        Assert.True(Distance(exact.Gradient, plain.Gradient) > 0.02);
    }

    [Fact]
    public void A_mean_over_the_other_texts_changes_nothing_in_expectation_and_lowers_the_variance()
    {
        var models = new Enumerated(seed: 8, scale: 0.8);
        var options = new OnPolicy { Granularity = Granularity.Sampled, Future = 1, MeanOver = MeanOver.Tokens };
        var (plain, centred) = (Pairs(models, options), Pairs(models, options with { Center = true }));
        Assert.True(Distance(plain, centred) < 1e-3, $"{Distance(plain, centred)}");
        // The mean over one other text is too coarse to help; that over fifteen helps.
        var (without, with) = (Variance(models, options), Variance(models, options with { Center = true }));
        Assert.True(with < 0.9 * without, $"{with} and {without}");
    }

    [Fact]
    public void Equal_models_have_no_divergence_and_no_gradient()
    {
        var models = new Enumerated(seed: 9);
        models.Teacher = models.Student;
        foreach (var options in Unbiased().Select(row => row.Data.Item2))
        {
            foreach (var text in models.Texts.Take(20))
            {
                var (sum, gradient) = models.Of(new OnPolicyObjective(options), [text], models.Student);
                Assert.Equal(0, sum, 1e-5);
                Assert.All(gradient, g => Assert.Equal(0, g, 1e-5));
            }
        }
    }

    [Theory]
    [InlineData(TokenDivergence.Forward)]
    [InlineData(TokenDivergence.Reverse)]
    [InlineData(TokenDivergence.JensenShannon)]
    [InlineData(TokenDivergence.SkewForward)]
    [InlineData(TokenDivergence.SkewReverse)]
    public void With_a_bucket_for_the_rest_a_divergence_is_never_negative_and_at_most_the_whole(TokenDivergence divergence)
    {
        for (var seed = 0UL; seed < 20; seed++)
        {
            var models = new Enumerated(seed, scale: 4);
            var whole = new OnPolicyObjective(new OnPolicy { Divergence = divergence });
            foreach (var text in models.Texts.Where(t => t.Length == 1))
            {
                var all = models.Of(whole, [text], models.Student).Sum;
                var before = 0.0;
                for (var k = 1; k <= 5; k++)
                {
                    var some = models.Of(new OnPolicyObjective(new OnPolicy { Divergence = divergence, Granularity = Granularity.TopK, K = k }), [text], models.Student).Sum;
                    Assert.InRange(some, before - 1e-6, all + 1e-5); // the finer the parts, the larger the divergence
                    before = some;
                }

                Assert.Equal(all, before, 1e-5);
            }
        }
    }

    [Fact]
    public void Without_the_rest_a_divergence_can_be_negative()
    {
        var least = Enumerable.Range(0, 20).Select(seed => new Enumerated((ulong)seed, scale: 4)).SelectMany(models => models.Texts.Where(t => t.Length == 1).Select(text =>
            models.Of(new OnPolicyObjective(new OnPolicy { Granularity = Granularity.TopK, K = 2, Tail = TailRule.Drop, TopKOf = TopKOf.Teacher }), [text], models.Student).Sum)).Min();
        Assert.True(least < -0.1, $"{least}");
    }

    [Fact]
    public void A_mean_over_texts_weighs_short_texts_as_long_ones()
    {
        var models = new Enumerated(seed: 10);
        int[][] texts = [[4], [0, 1, 2]];
        var alone = Array.ConvertAll(texts, t => models.Of(new OnPolicyObjective(), [t], models.Student).Sum / t.Length);
        var together = models.Of(new OnPolicyObjective(new OnPolicy { MeanOver = MeanOver.Texts }), texts, models.Student).Sum / 4; // the loop divides by the tokens
        Assert.Equal(alone.Average(), together, 1e-5);
        Assert.NotEqual(alone.Average(), models.Of(new OnPolicyObjective(), texts, models.Student).Sum / 4, 1e-3);
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        var sampled = new OnPolicy { Granularity = Granularity.Sampled };
        foreach (var (options, word) in new (OnPolicy, string)[]
        {
            (sampled with { Texts = TextsOf.All }, "drawn from the student"),
            (sampled with { Estimator = SampledEstimator.Squared, Divergence = TokenDivergence.Forward }, "reverse"),
            (sampled with { Center = true, Whiten = true }, "mean already"),
            (sampled with { Center = true, Importance = ImportanceWeights.Prefix }, "own weight"),
            (new() { Whiten = true }, "there are none"),
            (new() { LengthNormalized = true }, "'future' is 0"),
            (new() { ImportanceClip = 2 }, "importance"),
            (new() { Future = 1.5 }, "future"),
        })
            Assert.Contains(word, Assert.Throws<DecantException>(() => new OnPolicyObjective(options)).Message, StringComparison.OrdinalIgnoreCase);
    }

    private static double[] Pairs(Enumerated models, OnPolicy options)
    {
        var objective = new OnPolicyObjective(options);
        int[][] texts = [.. models.Texts];
        var mean = new double[models.Student.Length];
        foreach (var (first, second) in texts.SelectMany(first => texts.Select(second => (first, second))))
        {
            var probability = models.Probability(models.Student, first) * models.Probability(models.Student, second);
            var gradient = models.Of(objective, [first, second], models.Student).Gradient;
            for (var i = 0; i < mean.Length; i++)
                mean[i] += probability * gradient[i];
        }

        return mean;
    }

    // Of the gradient of sixteen drawn texts.
    private static double Variance(Enumerated models, OnPolicy options)
    {
        var objective = new OnPolicyObjective(options);
        float[][] gradients = [.. models.Draw(models.Student, 16 * 200, seed: 9).Chunk(16).Select(texts => models.Of(objective, texts, models.Student).Gradient)];
        return Enumerable.Range(0, models.Student.Length).Sum(i =>
        {
            var mean = gradients.Average(g => g[i]);
            return gradients.Average(g => ((double)g[i] - mean) * (g[i] - mean));
        });
    }

    private static double Distance(IReadOnlyList<float> exact, double[] expected) => Math.Sqrt(exact.Select((g, i) => (g - expected[i]) * (g - expected[i])).Sum());

    private static double Distance(double[] exact, double[] expected) => Math.Sqrt(exact.Select((g, i) => (g - expected[i]) * (g - expected[i])).Sum());

    /// <summary>As it was seen elsewhere: an estimate below 0 counts as 0, and learns nothing.</summary>
    private sealed class ClampedAtZero(ISequenceObjective objective) : ISequenceObjective
    {
        public string Kind => objective.Kind;

        public SignalKinds Needs => objective.Needs;

        public long Count(Decant.Data.Batching.Batch batch) => objective.Count(batch);

        public bool LooksAhead(Decant.Data.Batching.Batch batch) => objective.LooksAhead(batch);

        public Decant.Torch.Tensor Look(StudentOutput student, TeacherSignal? teacher, Decant.Data.Batching.Batch rows) => objective.Look(student, teacher, rows);

        public Decant.Torch.Tensor? Factors(Decant.Data.Batching.Batch batch, Decant.Torch.Tensor? looked) => objective.Factors(batch, looked);

        public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Decant.Data.Batching.Batch rows, Decant.Torch.Tensor? factors)
        {
            var (sum, count) = objective.Compute(student, teacher, rows, factors);
            return new(sum.Clamp(min: 0), count);
        }
    }
}
