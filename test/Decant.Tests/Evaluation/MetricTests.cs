using Decant.Evaluation;

namespace Decant.Tests.Evaluation;

public sealed class MetricTests
{
    // Labels 0 0 0 1 1 2, answers 0 0 1 1 0 2: by hand.
    private static readonly Predictions ByHand = Some.Answers(3, [0, 0, 1, 1, 0, 2], [0, 0, 0, 1, 1, 2]);

    [Fact]
    public void Accuracy_counts_the_right_answers() => Assert.Equal(4.0 / 6, Accuracy.Of(ByHand), 1e-12);

    [Fact]
    public void A_class_has_the_scores_worked_by_hand()
    {
        var zero = ClassScores.Of(ConfusionMatrix.Of(ByHand))[0]; // two of three found, two of three answers right

        Assert.Equal(new ClassScores(0, 2.0 / 3, 2.0 / 3, 4.0 / 6, 3, 3), zero);
    }

    [Fact]
    public void F1_averages_over_classes_or_over_samples()
    {
        var classes = ClassScores.Of(ConfusionMatrix.Of(ByHand)); // F1: 2/3, 1/2, 1

        Assert.Equal((2.0 / 3 + 0.5 + 1) / 3, F1.Macro(classes), 1e-12);
        Assert.Equal((3 * 2.0 / 3 + 2 * 0.5 + 1) / 6, F1.Weighted(classes), 1e-12);
    }

    [Fact]
    public void A_model_that_always_answers_the_same_has_no_correlation() =>
        Assert.Equal(0, MatthewsCorrelation.Of(ConfusionMatrix.Of(Some.Answers(2, [1, 1, 1, 1], [0, 1, 0, 1]))));

    [Fact]
    public void Equal_logits_are_as_surprised_as_a_fair_die() =>
        Assert.Equal(Math.Log(4), NegativeLogLikelihood.Of(Some.Predictions([[2, 2, 2, 2], [-1, -1, -1, -1]], 0, 3)), 1e-12);

    [Fact]
    public void Huge_logits_neither_overflow_nor_underflow()
    {
        var p = Some.Predictions([[3e38f, -3e38f], [-3e38f, 3e38f]], 0, 1);

        Assert.Equal(0, NegativeLogLikelihood.Of(p));
        Assert.Equal(1, RocAuc.Of(p).Value);
    }

    [Fact]
    public void Roc_auc_counts_a_tie_as_half() // positives 2 and 1, negatives 1 and 0: pairs 1, 1, ½, 1
    {
        var auc = RocAuc.Of(Some.Predictions([[0, 2], [0, 1], [0, 1], [0, 0]], 1, 1, 0, 0));

        Assert.Equal(3.5 / 4, auc.Value!.Value, 1e-12);
        Assert.Equal(auc.PerClass[0], auc.PerClass[1]);
    }

    [Fact]
    public void Roc_auc_keeps_apart_what_probabilities_near_one_would_merge() =>
        Assert.Equal(1, RocAuc.Of(Some.Predictions([[0, 60], [0, 50]], 1, 0)).Value);

    [Fact]
    public void A_class_that_the_split_lacks_is_left_out_and_said()
    {
        var p = Some.Predictions([[3, 0, 0], [0, 3, 0], [1, 0, 0], [0, 1, 0]], 0, 1, 0, 1);

        var auc = RocAuc.Of(p);
        var evaluation = ModelEvaluation.Of(p);

        Assert.Equal(1, auc.Value);
        Assert.Equal([2], auc.SkippedClasses);
        Assert.Equal(1, evaluation.Metrics["macro-f1"]);
        Assert.Contains("1 of 3 classes (2)", Assert.Single(evaluation.Remarks));
    }

    [Fact]
    public void A_split_with_one_class_has_no_roc_auc()
    {
        var evaluation = ModelEvaluation.Of(Some.Answers(2, [1, 1], [1, 1]));

        Assert.False(evaluation.Metrics.ContainsKey("roc-auc"));
        Assert.Contains(evaluation.Remarks, r => r.Contains("no ROC AUC"));
    }

    [Fact]
    public void Calibration_is_the_gap_between_confidence_and_accuracy()
    {
        // Confidence 0.75 four times (logit gap log 3), right in two: one bin, gap 0.25.
        var gap = (float)Math.Log(3);
        var p = Some.Predictions([[gap, 0], [gap, 0], [0, gap], [0, gap]], 0, 1, 0, 1);

        var calibration = Calibration.Of(p);

        Assert.Equal(0.25, calibration.ExpectedError, 1e-6);
        var bin = Assert.Single(calibration.Bins, b => b.Count > 0);
        Assert.Equal(4, bin.Count);
        Assert.Equal(0.5, bin.Accuracy);
        Assert.InRange(0.75, bin.Low, bin.High);
        Assert.Equal(15, calibration.Bins.Count);
    }

    [Fact]
    public void A_model_agrees_with_itself()
    {
        var p = Some.Random(1, 5, 50);
        Assert.Equal(new Agreement(1, 0), Agreement.Of(p, p));
    }

    [Fact]
    public void The_divergence_is_the_one_from_teacher_to_student() // ½ log(½ ÷ ¾) + ½ log(½ ÷ ¼)
    {
        var teacher = Some.Predictions([[0, 0]], 0);
        var student = Some.Predictions([[(float)Math.Log(3), 0]], 0);

        Assert.Equal(0.5 * Math.Log(2.0 / 3) + 0.5 * Math.Log(2), Agreement.Of(student, teacher).MeanKl, 1e-7);
    }

    [Fact]
    public void Equal_logits_answer_the_lowest_class() => Assert.Equal(0, Some.Predictions([[1, 1, 1]], 2).Answers[0]);

    [Fact]
    public void An_unknown_metric_is_refused_with_those_there_are()
    {
        var fault = Assert.Throws<DecantException>(() => Metric.Find("acuracy"));
        Assert.Contains("accuracy, macro-f1", fault.Message);
    }

    [Fact]
    public void Lower_is_better_for_a_loss_and_NaN_is_never_better()
    {
        Assert.True(Metric.Find("nll").IsBetter(0.1, 0.2));
        Assert.True(Metric.Find("accuracy").IsBetter(0.2, 0.1));
        Assert.False(Metric.Find("accuracy").IsBetter(double.NaN, 0.1));
        Assert.True(Metric.Find("accuracy").IsBetter(0.1, double.NaN));
    }

    [Fact]
    public void Predictions_that_do_not_fit_are_refused()
    {
        Assert.Contains("Expected 2 × 3 logits", Refused(() => new Predictions(new float[5], 3, [0, 1], [1, 2])));
        Assert.Contains("sample id for each", Refused(() => new Predictions(new float[6], 3, [0, 1], [1])));
        Assert.Contains("has label 3", Refused(() => new Predictions(new float[6], 3, [0, 3], [1, 2])));
        Assert.Contains("no labelled samples", Refused(() => new Predictions([], 3, [], [])));
        Assert.Contains("NaN for class 1 of sample 0", Refused(() => new Predictions([0, float.NaN], 2, [0], [7])));
    }

    [Fact]
    public void Answers_about_other_samples_are_not_compared()
    {
        var p = Some.Random(1, 3, 20);
        Assert.Contains("different samples", Refused(() => Agreement.Of(p, Some.Permuted(p, 5))));
        Assert.Contains("20 against 19", Refused(() => PairedDifference.OfAccuracy(p, Some.Random(1, 3, 19))));
    }

    private static string Refused(Func<object> action) => Assert.Throws<DecantException>(action).Message;
}
