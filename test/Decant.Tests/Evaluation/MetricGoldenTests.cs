using System.Text.Json;
using Decant.Evaluation;
using Decant.Models.Configuration;

namespace Decant.Tests.Evaluation;

/// <summary>The numbers of scikit-learn, scipy and plain numpy formulas; Golden/evaluation.py made them.</summary>
public sealed class MetricGoldenTests
{
    private static readonly JsonElement Golden =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "evaluation.json"))).RootElement;

    public static TheoryData<string> Cases() => [.. Golden.GetProperty("cases").EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_metric_is_what_the_reference_says(string name)
    {
        var (predictions, _, expected) = Case(name);

        var metrics = ModelEvaluation.Of(predictions).Metrics;

        Assert.Equal(Metric.Of(ModelTask.Classification).Count, metrics.Count);
        foreach (var (metric, value) in metrics)
            Assert.Equal(expected.GetProperty(metric).GetDouble(), value, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_class_has_the_precision_recall_and_F1_of_the_reference(string name)
    {
        var (predictions, _, expected) = Case(name);

        foreach (var scores in ModelEvaluation.Of(predictions).PerClass)
        {
            Assert.Equal(expected.GetProperty("precision")[scores.Class].GetDouble(), scores.Precision, 1e-12);
            Assert.Equal(expected.GetProperty("recall")[scores.Class].GetDouble(), scores.Recall, 1e-12);
            Assert.Equal(expected.GetProperty("f1")[scores.Class].GetDouble(), scores.F1, 1e-12);
            Assert.Equal(expected.GetProperty("support")[scores.Class].GetInt32(), scores.Support);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_confusion_matrix_and_the_agreement_are_those_of_the_reference(string name)
    {
        var (predictions, teacher, expected) = Case(name);

        var evaluation = ModelEvaluation.Of(predictions, teacher);

        Assert.Equal(expected.GetProperty("confusion").Deserialize<int[][]>(), evaluation.Confusion!.ToRows());
        Assert.Equal(expected.GetProperty("same-answer").GetDouble(), evaluation.Agreement!.SameAnswer, 1e-12);
        Assert.Equal(expected.GetProperty("mean-kl").GetDouble(), evaluation.Agreement.MeanKl, 1e-9);
    }

    [Fact]
    public void McNemars_p_is_the_binomial_tests()
    {
        foreach (var e in Golden.GetProperty("mcnemar").EnumerateArray())
            Assert.Equal(e.GetProperty("p").GetDouble(), McNemar.PValueOf(e.GetProperty("onlyA").GetInt32(), e.GetProperty("onlyB").GetInt32()), 1e-10);
    }

    [Fact]
    public void Students_t_has_the_quantiles_of_the_tables()
    {
        foreach (var e in Golden.GetProperty("studentT").EnumerateArray())
        {
            var expected = e.GetProperty("t").GetDouble();
            Assert.Equal(1, StudentT.TwoSidedQuantile(e.GetProperty("confidence").GetDouble(), e.GetProperty("degrees").GetInt32()) / expected, 1e-8);
        }
    }

    [Fact]
    public void Latency_percentiles_are_numpys()
    {
        var golden = Golden.GetProperty("quantiles");

        var stats = LatencyStats.From(golden.GetProperty("values").Deserialize<double[]>()!);

        Assert.Equal(37, stats.Count);
        Assert.Equal(golden.GetProperty("p50").GetDouble(), stats.P50, 1e-12);
        Assert.Equal(golden.GetProperty("p90").GetDouble(), stats.P90, 1e-12);
        Assert.Equal(golden.GetProperty("p95").GetDouble(), stats.P95, 1e-12);
        Assert.Equal(golden.GetProperty("p99").GetDouble(), stats.P99, 1e-12);
        Assert.Equal(golden.GetProperty("min").GetDouble(), stats.Min, 1e-12);
    }

    private static (Predictions Student, Predictions Teacher, JsonElement Expected) Case(string name)
    {
        var c = Golden.GetProperty("cases").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);
        var labels = c.GetProperty("labels").Deserialize<int[]>()!;
        Predictions Of(string key) => new(c.GetProperty(key).Deserialize<float[]>()!, c.GetProperty("classes").GetInt32(), labels, Some.Ids(labels.Length));
        return (Of("logits"), Of("teacher"), c.GetProperty("expected"));
    }
}
