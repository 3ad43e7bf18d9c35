using Decant.Evaluation;

namespace Decant.Tests.Runs;

/// <summary>One score of the metrics of several tasks.</summary>
public class MultiTaskScoreTests
{
    private static readonly Metric s_accuracy = Metric.Find("accuracy"), s_nll = Metric.Find("nll"), s_mse = Metric.Find("mse"), s_pearson = Metric.Find("pearson");
    private static readonly int[] s_samples = [100, 100];

    [Fact]
    public void Of_accuracies_and_correlations_it_is_the_mean()
    {
        var score = new MultiTaskScore([s_accuracy, s_pearson]);
        Assert.Equal(("mean", false), (score.Name, score.LowerIsBetter));
        Assert.Equal(0.75, score.Of([0.9, 0.6], s_samples), 1e-12);
    }

    [Fact]
    public void With_a_loss_among_them_it_is_the_geometric_mean_of_the_errors()
    {
        var score = new MultiTaskScore([s_accuracy, s_nll]);
        Assert.Equal(("geometric-mean-error", true), (score.Name, score.LowerIsBetter));
        Assert.Equal(Math.Sqrt(0.1 * 2.5), score.Of([0.9, 2.5], s_samples), 1e-12); // 1 − 0.9 and 2.5
    }

    [Fact]
    public void The_best_epoch_does_not_depend_on_the_unit_of_a_target()
    {
        // Accuracy and squared error of three epochs; the same targets in hundredths have 10,000 times the error.
        (double Accuracy, double Mse)[] epochs = [(0.60, 0.50), (0.80, 0.30), (0.81, 0.90)];
        foreach (var unit in new[] { 1.0, 1e4, 1e-6 })
        {
            var score = new MultiTaskScore([s_accuracy, s_mse]);
            var best = Enumerable.Range(0, 3).MinBy(e => score.Of([epochs[e].Accuracy, unit * epochs[e].Mse], s_samples));
            Assert.Equal(1, best);
        }

        // What it was before, the mean of accuracies and negated losses, let the loss alone choose, or the accuracy alone.
        double Before(int e, double unit) => (epochs[e].Accuracy - (unit * epochs[e].Mse)) / 2;
        Assert.Equal((1, 2), (Enumerable.Range(0, 3).MaxBy(e => Before(e, 1)), Enumerable.Range(0, 3).MaxBy(e => Before(e, 1e-6))));
    }

    [Fact]
    public void Halving_the_error_of_either_task_counts_the_same()
    {
        var score = new MultiTaskScore([s_accuracy, s_mse]);
        Assert.Equal(score.Of([0.9, 40], s_samples), score.Of([0.8, 20], s_samples), 1e-12);
    }

    [Fact]
    public void No_error_at_all_counts_as_that_of_half_a_sample_and_no_number_stays_none()
    {
        var score = new MultiTaskScore([s_accuracy, s_mse]);
        Assert.Equal(Math.Sqrt(0.005 * 2), score.Of([1, 2], s_samples), 1e-12);
        Assert.True(double.IsFinite(score.Of([1, 0], s_samples)));
        Assert.True(double.IsNaN(score.Of([double.NaN, 2], s_samples)));
    }

    [Fact]
    public void A_perplexity_counts_by_its_logarithm()
    {
        var (perplexity, nll) = (new MultiTaskScore([s_accuracy, Metric.Find("perplexity")]), new MultiTaskScore([s_accuracy, s_nll]));
        Assert.Equal(nll.Of([0.5, 3], s_samples), perplexity.Of([0.5, Math.Exp(3)], s_samples), 1e-12);
    }
}
