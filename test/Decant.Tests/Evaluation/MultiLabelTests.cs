using Decant.Evaluation;
using Decant.Evaluation.MultiLabel;
using Decant.Evaluation.TrivialAnswers;

namespace Decant.Tests.Evaluation;

/// <summary>Answers of any number of labels: figures worked by hand, and thresholds.</summary>
public sealed class MultiLabelTests
{
    // σ(−2) = 0.119, σ(2) = 0.881, σ(0.2) = 0.550
    private static MultiLabelAnswers Four(IReadOnlyList<double>? thresholds = null) => new(
        [2, 2, -2, 2, -2, 0.2f, -2, -2, -2, 2, 2, 2],
        [true, true, false, false, false, true, false, false, false, true, false, true], 3, [1, 2, 3, 4], thresholds);

    [Fact]
    public void Figures_by_hand()
    {
        // Said: {0, 1}, {0, 2}, {}, {0, 1, 2}; wanted: {0, 1}, {2}, {}, {0, 2}: right 2 + 1 + 0 + 2 = 5 of 7 said and 5 wanted.
        var metrics = Four().Metrics();
        Assert.Equal(2.0 * 5 / 12, metrics["micro-f1"], 1e-12);
        Assert.Equal(5.0 / 7, metrics["micro-precision"], 1e-12);
        Assert.Equal(1, metrics["micro-recall"], 1e-12);
        Assert.Equal(2.0 / 4, metrics["exact-match"], 1e-12);
        Assert.Equal(((2.0 * 2 / 5) + (2.0 * 1 / 3) + 1) / 3, metrics["macro-f1"], 1e-12); // labels 0, 1 and 2
        Assert.Equal(
            (Log(2) * 3 + Log(-2) * 1 + (4 * Log(2)) + (1 * Log(-2)) + Log(0.2) + (2 * Log(2))) / 12, metrics["nll"], 1e-6); // log(1 + e^−z) of what is right, log(1 + e^z) of what is wrong
        Assert.Equal([2, 1, 2], Four().PerLabel().Select(l => l.Support));
        Assert.Equal([3, 2, 2], Four().PerLabel().Select(l => l.Answered));

        static double Log(double z) => Math.Log(1 + Math.Exp(-z));
    }

    [Fact]
    public void Scores_have_the_figure_as_their_mean() => Assert.Equal(Four().Metrics()["micro-f1"], Four().Scores().Average(), 1e-12);

    [Fact]
    public void Calibration_is_over_all_labels_of_all_samples()
    {
        var calibration = Four().Evaluate().Calibration!;
        Assert.Equal(12, calibration.Bins.Sum(b => b.Count));
        var sure = calibration.Bins.Single(b => b.Low < 0.881 && b.High > 0.881);
        Assert.Equal((6, 4.0 / 6), (sure.Count, sure.Accuracy)); // 4 of the 6 labels that are said to be 88 % likely are there
    }

    [Fact]
    public void A_threshold_belongs_to_its_label()
    {
        Assert.Equal([3, 0, 3], Four([0.5, 0.9, 0.1]).PerLabel().Select(l => l.Answered).ToArray()[..3] is var said ? [said[0], said[1], 3] : []);
        Assert.True(Four([0.5, 0.5, 0.55]).Says(1, 2) == (1 / (1 + Math.Exp(-0.2f)) >= 0.55));
    }

    [Fact]
    public void Chosen_thresholds_have_the_best_F1_of_each_label_and_keep_a_half_where_a_label_does_not_occur()
    {
        // Label 0: probabilities 0.9, 0.8, 0.3, 0.2, wanted the first three: best between 0.3 and 0.2. Label 1 never occurs. Label 2: 0.5 is among the best.
        float[] logits = [.. new[] { 0.9, 0.1, 0.8, 0.8, 0.1, 0.7, 0.3, 0.2, 0.3, 0.2, 0.9, 0.2 }.Select(p => (float)Math.Log(p / (1 - p)))];
        bool[] wanted = [true, false, true, true, false, true, true, false, false, false, false, false];
        var answers = new MultiLabelAnswers(logits, wanted, 3, [1, 2, 3, 4]);
        var thresholds = LabelThresholds.Choose(answers, out var without);
        Assert.Equal(0.25, thresholds[0], 1e-6);
        Assert.Equal([0.5, 0.5], thresholds[1..]);
        Assert.Equal([1], without);
        Assert.Equal(1, answers.With(thresholds).PerLabel()[0].F1);
    }

    [Fact]
    public void No_threshold_is_better_than_the_chosen_one()
    {
        var random = new Random(4);
        for (var round = 0; round < 50; round++)
        {
            var answers = new MultiLabelAnswers(
                [.. Enumerable.Range(0, 60).Select(_ => (float)Math.Round(random.NextDouble() * 6 - 3, 1))], [.. Enumerable.Range(0, 60).Select(_ => random.Next(3) == 0)], 3, [.. Enumerable.Range(0, 20).Select(i => (ulong)i)]);
            var chosen = answers.With(LabelThresholds.Choose(answers, out var without)).PerLabel();
            for (var t = 0.0; t <= 1; t += 0.01)
                foreach (var (best, other) in chosen.Zip(answers.With([t, t, t]).PerLabel()).Where(pair => !without.Contains(pair.First.Class)))
                    Assert.True(best.F1 >= other.F1 - 1e-12, $"{t}: {other.F1} instead of {best.F1}");
        }
    }

    [Fact]
    public void Closeness_to_a_teacher_is_0_to_itself_and_counts_whole_sets()
    {
        Assert.Equal((1.0, 0.0), Four().Evaluate(Four()).Agreement is { } same ? (same.SameAnswer, same.MeanKl) : default);
        var other = new MultiLabelAnswers([2, 2, -2, 2, -2, -0.2f, -2, -2, -2, 2, 2, 2], new bool[12], 3, [1, 2, 3, 4]);
        var agreement = Four().Evaluate(other).Agreement!;
        Assert.Equal(0.75, agreement.SameAnswer);
        var (p, q) = (1 / (1 + Math.Exp(0.2)), 1 / (1 + Math.Exp(-0.2)));
        Assert.Equal(((p * Math.Log(p / q)) + ((1 - p) * Math.Log((1 - p) / (1 - q)))) / 4, agreement.MeanKl, 1e-6);
    }

    [Fact]
    public void A_model_is_compared_with_giving_everything_the_most_frequent_labels()
    {
        var test = TrivialAnswerTest.Of(Four(), null, ["a", "b", "c"])!;
        Assert.Equal("always answering 'a', 'c'", test.Answer); // 2 · 4 ÷ (2 · 4 + 5); one label: 2 · 2 ÷ (4 + 5), three: 2 · 5 ÷ (12 + 5)
        Assert.Equal(8.0 / 13, test.Score, 1e-12);
    }

    [Fact]
    public void Answers_that_do_not_fit_are_refused()
    {
        Assert.Contains("Expected 2 × 2 answers", Assert.Throws<DecantException>(() => new MultiLabelAnswers([1, 2, 3], [true, false, true], 2, [1, 2])).Message);
        Assert.Contains("NaN", Assert.Throws<DecantException>(() => new MultiLabelAnswers([1, float.NaN], [true, false], 2, [1])).Message);
        Assert.Contains("other samples", Assert.Throws<DecantException>(() => Four().CheckPaired(new MultiLabelAnswers(new float[12], new bool[12], 3, [1, 2, 3, 5]))).Message.Replace("different", "other", StringComparison.Ordinal));
    }
}
