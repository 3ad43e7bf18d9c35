using Decant.Evaluation;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Evaluation;

public sealed class MetricPropertyTests
{
    private static readonly Arbitrary<(int Seed, int Classes, int Count)> Shapes = (
        from seed in Gen.Choose(0, 1_000_000)
        from classes in Gen.Choose(1, 9)
        from count in Gen.Choose(1, 60)
        select (seed, classes, count)).ToArbitrary();

    [Fact]
    public void The_order_of_the_samples_does_not_matter() => ForAll(p =>
    {
        var (a, b) = (ModelEvaluation.Of(p).Metrics, ModelEvaluation.Of(Some.Permuted(p, 3)).Metrics);
        return a.Keys.SequenceEqual(b.Keys) && a.All(m => Math.Abs(m.Value - b[m.Key]) < 1e-9);
    });

    [Fact]
    public void Every_metric_stays_within_its_bounds() => ForAll(p => ModelEvaluation.Of(p).Metrics.All(m => m.Key switch
    {
        "mcc" => m.Value is >= -1 - 1e-12 and <= 1 + 1e-12,
        "nll" => m.Value >= 0,
        _ => m.Value is >= 0 and <= 1 + 1e-12,
    }));

    [Fact]
    public void A_model_that_is_always_right_has_full_marks() => ForAll(p =>
    {
        var perfect = new Predictions(
            [.. Enumerable.Range(0, p.Count).SelectMany(i => Enumerable.Range(0, p.Classes).Select(c => c == p.Labels[i] ? 40f : 0f))],
            p.Classes, p.Labels, p.SampleIds);
        var m = ModelEvaluation.Of(perfect).Metrics;
        return m["accuracy"] == 1 && Near(m["macro-f1"], 1) && Near(m["weighted-f1"], 1) && m["nll"] < 1e-12 && m["ece"] < 1e-12
            && Near(m.GetValueOrDefault("roc-auc", 1), 1) && (p.Labels.Distinct().Count() == 1 || Near(m["mcc"], 1));
    });

    [Fact]
    public void The_confusion_matrix_counts_every_sample_once_and_its_diagonal_is_the_accuracy() => ForAll(p =>
    {
        var rows = ConfusionMatrix.Of(p).ToRows();
        return rows.Sum(r => r.Sum()) == p.Count && Near(Enumerable.Range(0, p.Classes).Sum(c => rows[c][c]), Accuracy.Of(p) * p.Count);
    });

    [Fact]
    public void Recall_weighted_by_support_is_the_accuracy() => ForAll(p =>
        Near(ClassScores.Of(ConfusionMatrix.Of(p)).Sum(c => c.Recall * c.Support) / p.Count, Accuracy.Of(p)));

    [Fact]
    public void A_constant_added_to_every_logit_of_a_sample_changes_nothing() => ForAll(p =>
    {
        var shifted = new Predictions([.. p.Logits.Select((z, i) => z + (i / p.Classes % 3))], p.Classes, p.Labels, p.SampleIds);
        return Agreement.Of(shifted, p) is var a && a.MeanKl < 1e-9;
    });

    [Fact]
    public void The_divergence_from_the_teacher_is_never_negative() => ForAll(p =>
        Agreement.Of(p, Some.Random(p.Count, p.Classes, p.Count) is var t ? new Predictions(t.Logits, p.Classes, p.Labels, p.SampleIds) : p).MeanKl >= 0);

    [Fact]
    public void Calibration_bins_hold_every_sample_once() => ForAll(p =>
        Calibration.Of(p).Bins is var bins && bins.Sum(b => b.Count) == p.Count
        && bins.All(b => b.Count == 0 || (b.Confidence > b.Low - 1e-9 && b.Confidence <= b.High + 1e-9)));

    private static void ForAll(Func<Predictions, bool> property) =>
        Prop.ForAll(Shapes, s => property(Some.Random(s.Seed, s.Classes, s.Count))).QuickCheckThrowOnFailure();

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-9;
}
