using Decant.Evaluation;
using Decant.Evaluation.Verdicts;

namespace Decant.Tests.Evaluation;

public sealed class PairedDifferenceTests
{
    [Fact]
    public void A_clear_gain_with_one_seed_is_about_these_two_models_and_never_called_helped()
    {
        var (student, control) = Pair(2000, 0.912, 0.887);

        var d = PairedDifference.OfAccuracy(student, control);

        Assert.Equal(0.912, d.MeanA, 1e-12);
        Assert.Equal(0.025, d.Difference, 1e-12);
        Assert.Equal((Verdict.Better, 1, 1), (d.Verdict, d.Seeds, d.FewestSeeds));
        Assert.True(d.Low > 0.01 && d.High < 0.04 && d.PValue < 0.001);
        Assert.Matches(
            @"^This student is better than this control: student 91\.2 %, control 88\.7 %, difference \+2\.5 points \(95 % interval \+1\.\d to \+3\.\d, test samples alone\); " +
            "one seed only: training again may change this by more than the interval$",
            VerdictSentence.Distillation(d));
        foreach (var sentence in new[] { VerdictSentence.Distillation(d), VerdictSentence.Sharing(d), VerdictSentence.Kept(d), VerdictSentence.Models(d, "a", "b") })
            Assert.DoesNotMatch("helped|hurt|cost", sentence);
    }

    [Fact]
    public void The_same_gain_over_two_seeds_of_both_models_is_called_helped()
    {
        var (student, control) = Pair(2000, 0.912, 0.887);

        var d = PairedDifference.OfAccuracy([student, student], [control, control]);

        Assert.Equal((Verdict.Helped, 2, 2), (d.Verdict, d.Seeds, d.FewestSeeds));
        Assert.Matches(@"^Distillation helped: student 91\.2 %, control 88\.7 %, difference \+2\.5 points \(95 % interval \+1\.\d to \+3\.\d, 2 seeds\)$", VerdictSentence.Distillation(d));
        Assert.StartsWith("Learning it with the other tasks helped: ", VerdictSentence.Sharing(d));
        Assert.Equal(Verdict.Better, PairedDifference.OfAccuracy([student, student], [control]).Verdict); // the control was trained once
    }

    [Fact]
    public void A_single_sample_has_no_verdict() => Assert.Equal(Verdict.NoDifference, PairedDifference.Of([[1.0]], [[0.0]]).Verdict);

    [Fact]
    public void The_interval_of_few_samples_is_widened_by_what_the_bootstrap_lacks()
    {
        // Of 10 samples the bootstrap's standard error is √(9/10) of s/√10, and t(9) = 2.262 stands for 1.962.
        var random = new SplitMix64(4);
        double[] scores = [.. Enumerable.Range(0, 10).Select(_ => random.Normal())];
        var d = PairedDifference.Of([scores], [new double[10]], new PairedOptions { Resamples = 20_000 });

        var (mean, s) = (scores.Average(), Math.Sqrt(scores.Sum(x => (x - scores.Average()) * (x - scores.Average())) / 9));
        Assert.Equal(2 * 2.262 * s / Math.Sqrt(10), d.High - d.Low, 0.06 * (d.High - d.Low));
        Assert.InRange(mean, d.Low, d.High);
    }

    [Fact]
    public void The_p_value_is_that_of_the_interval_which_ends_at_zero()
    {
        // Two seeds, four samples. Means per seed 2.5 and 4, per sample 2, 2, 4, 5, of all 3.25; what is left is ∓¼, ±¾, ∓¼, ∓¼: MS_rest = 1.5 ÷ 3.
        double[][] a = [[1, 2, 3, 4], [3, 2, 5, 6]];
        var bySeed = Math.Sqrt(1.125 / 2);
        var bySample = Math.Sqrt((2.25 - 0.5 / 2) / 4); // s² of the sample means is 6.75 ÷ 3
        var reach = Math.Sqrt(Math.Pow(12.7062 * bySeed, 2) + Math.Pow(3.18245 * bySample, 2));

        var d = PairedDifference.Of(a, [new double[4], new double[4]]);

        Assert.Equal((3.25 - reach, 3.25 + reach), (d.Low, d.High), new Near(1e-3));
        var ends = PairedDifference.Of(a, [new double[4], new double[4]], new PairedOptions { Confidence = 1 - d.IntervalPValue });
        Assert.Equal(0, ends.Low, 1e-6);
        Assert.InRange(d.IntervalPValue, 0.05, 1);
    }

    [Fact]
    public void The_same_models_differ_by_nothing()
    {
        var p = Some.Random(1, 4, 100);

        var d = PairedDifference.OfAccuracy(p, p);

        Assert.Equal((0, 0, 0), (d.Difference, d.Low, d.High));
        Assert.Equal(Verdict.NoDifference, d.Verdict);
        Assert.Equal(1, d.PValue);
        Assert.StartsWith("This student and this control do not differ measurably: student", VerdictSentence.Distillation(d));
        Assert.StartsWith("Distillation made no measurable difference: student", VerdictSentence.Distillation(PairedDifference.OfAccuracy([p, p], [p, p])));
        Assert.Contains("difference 0.00 points (95 % interval 0.00 to 0.00, test samples alone)", VerdictSentence.Distillation(d));
    }

    [Fact]
    public void Swapping_the_models_mirrors_the_verdict()
    {
        var (student, control) = Pair(2000, 0.912, 0.887);

        var d = PairedDifference.OfAccuracy(control, student);

        Assert.Equal(Verdict.Worse, d.Verdict);
        Assert.Equal(Verdict.Hurt, PairedDifference.OfAccuracy([control, control], [student, student]).Verdict);
        Assert.Contains("difference −2.5 points", VerdictSentence.Distillation(d));
        Assert.StartsWith("big is worse than small: big 88.7 %", VerdictSentence.Models(d, "big", "small"));
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval_and_another_seed_nearly_the_same()
    {
        var (a, b) = Pair(500, 0.9, 0.88);
        var first = PairedDifference.OfAccuracy(a, b);

        Assert.Equal(first, PairedDifference.OfAccuracy(a, b));
        var other = PairedDifference.OfAccuracy(a, b, new PairedOptions { Seed = 2 });
        Assert.NotEqual(first, other);
        Assert.Equal(first.Low, other.Low, 0.004);
    }

    [Fact]
    public void A_large_split_is_told_with_two_decimals()
    {
        var (a, b) = Pair(20_000, 0.9926, 0.9854);
        Assert.Contains("student 99.26 %, control 98.54 %, difference +0.72 points", VerdictSentence.Distillation(PairedDifference.OfAccuracy(a, b)));
    }

    [Fact]
    public void What_is_kept_of_the_teacher_is_told()
    {
        var (teacher, student) = Pair(1000, 0.9, 0.72);
        var d = PairedDifference.OfAccuracy(teacher, student);

        Assert.Equal(0.8, VerdictSentence.KeptShare(d), 1e-12);
        Assert.StartsWith("The student keeps 80.0 % of the teacher's accuracy: teacher 90.0 %, student 72.0 %, difference +18.0 points", VerdictSentence.Kept(d));
    }

    [Fact]
    public void Seeds_that_disagree_widen_the_interval()
    {
        double[][] agree = [Scores(1000, 0.90), Scores(1000, 0.90), Scores(1000, 0.90)];
        double[][] disagree = [Scores(1000, 0.86), Scores(1000, 0.90), Scores(1000, 0.94)];
        double[][] control = [Scores(1000, 0.88), Scores(1000, 0.88), Scores(1000, 0.88)];

        var narrow = PairedDifference.Of(agree, control);
        var wide = PairedDifference.Of(disagree, control);

        Assert.Equal((3, 1000, 0.0), (narrow.Seeds, narrow.Samples, narrow.SeedSpread!.Value));
        Assert.Equal(0.04, wide.SeedSpread!.Value, 1e-9);
        Assert.Equal(narrow.Difference, wide.Difference, 1e-12);
        Assert.Equal((Verdict.Helped, Verdict.NoDifference), (narrow.Verdict, wide.Verdict));
        Assert.True(wide.High - wide.Low > 2 * (narrow.High - narrow.Low));
        Assert.Null(wide.PValue);
        Assert.Contains(", 3 seeds)", VerdictSentence.Distillation(wide));
    }

    [Fact]
    public void Numbers_of_seeds_that_do_not_match_are_refused()
    {
        double[] s = [1, 0];
        var fault = Assert.Throws<DecantException>(() => PairedDifference.Of([s, s, s], [s, s]));
        Assert.Contains("3 seeds and the other with 2", fault.Message);
    }

    [Fact]
    public void Scores_that_are_not_right_or_wrong_have_no_McNemar_test() =>
        Assert.Null(PairedDifference.Of([[0.1, 0.5, 0.9]], [[0.2, 0.2, 0.2]]).PValue);

    [Fact]
    public void McNemar_counts_what_only_one_of_them_gets_right()
    {
        var a = Some.Answers(2, [0, 0, 0, 1, 1], [0, 0, 0, 0, 1]);
        var b = Some.Answers(2, [0, 1, 1, 0, 1], [0, 0, 0, 0, 1]);

        Assert.Equal(new McNemar(2, 1, 1), McNemar.Of(a, b)); // 2·(1 + 3)/8 = 1
    }

    private sealed class Near(double tolerance) : IEqualityComparer<(double, double)>
    {
        public bool Equals((double, double) x, (double, double) y) => Math.Abs(x.Item1 - y.Item1) < tolerance && Math.Abs(x.Item2 - y.Item2) < tolerance;

        public int GetHashCode((double, double) pair) => 0;
    }

    /// <summary>Two models with exactly these accuracies, the worse one right only where the better one is.</summary>
    private static (Predictions A, Predictions B) Pair(int count, double accuracyA, double accuracyB) =>
        (Model(count, accuracyA), Model(count, accuracyB));

    private static Predictions Model(int count, double accuracy) =>
        Some.Answers(2, [.. Scores(count, accuracy).Select(s => s == 1 ? 0 : 1)], new int[count]);

    private static double[] Scores(int count, double accuracy) => [.. Enumerable.Range(0, count).Select(i => i < Math.Round(count * accuracy) ? 1.0 : 0.0)];
}
