using System.Text.Json;
using Decant.Evaluation;
using Decant.Evaluation.Regression;

namespace Decant.Tests.Evaluation;

/// <summary>Golden/evaluation_tasks.py made the numbers with scipy and scikit-learn.</summary>
public sealed class CorrelationTests
{
    internal static readonly JsonElement Golden =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "evaluation_tasks.json"))).RootElement;

    public static TheoryData<string> Cases => [.. Golden.GetProperty("regressions").EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_regression_has_the_figures_of_the_reference(string name)
    {
        var c = Golden.GetProperty("regressions").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);
        var answers = new RegressionAnswers(Floats(c, "answers"), Floats(c, "targets"), 1, Some.Ids(Floats(c, "answers").Length));

        var metrics = answers.Metrics();

        Assert.Equal(["pearson", "spearman", "mse", "mae"], metrics.Keys);
        foreach (var (metric, value) in metrics)
            Assert.Equal(c.GetProperty(metric).GetDouble(), value, 1e-9);
        Assert.Equal(c.GetProperty("ranks").Deserialize<double[]>(), Ranks.Of([.. answers.Values.Select(v => (double)v)]));
    }

    [Fact]
    public void Ties_share_the_mean_of_their_ranks() => Assert.Equal([2.5, 1, 2.5, 4], Ranks.Of([7, 3, 7, 9]));

    [Fact]
    public void A_model_that_always_answers_the_same_follows_nothing()
    {
        Assert.Equal(0, Correlation.Pearson([2, 2, 2], [1, 2, 3]));
        Assert.Equal(0, Correlation.Spearman([1, 2, 3], [0.1, 0.1, 0.1]));
        Assert.Equal([0, 0, 0], Influence.OfSpearman([2, 2, 2], [1, 2, 3]));
    }

    [Fact]
    public void Order_alone_matters_to_Spearman() => Assert.Equal(1, Correlation.Spearman([1, 2, 3, 1000], [-5, 0, 1, 2]), 1e-12);

    [Fact]
    public void Several_outputs_are_averaged_and_a_missing_target_leaves_its_output_out()
    {
        float[] values = [1, 9, 2, 8, 3, 5, 4, 7];
        float[] targets = [1, 1, 2, 2, 3, float.NaN, 4, 3];
        var answers = new RegressionAnswers(values, targets, 2, Some.Ids(4));

        var outputs = answers.PerOutput();

        Assert.Equal((4, 1.0), (outputs[0].Count, Math.Round(outputs[0].Pearson, 12)));
        Assert.Equal((3, -1.0), (outputs[1].Count, Math.Round(outputs[1].Pearson, 12)));
        Assert.Equal(0, answers.Metrics()["pearson"], 1e-12);
        Assert.Equal(0, answers.Scores().Average(), 1e-12);
    }

    [Fact]
    public void Numbers_that_cannot_be_measured_are_refused()
    {
        Assert.Contains("NaN for sample 0000000000000001", Assert.Throws<DecantException>(() => new RegressionAnswers([1, float.NaN], [1, 2], 1, [0, 1])).Message);
        Assert.Contains("without a single target", Assert.Throws<DecantException>(() => new RegressionAnswers([1, 2], [float.NaN, float.NaN], 1, [0, 1])).Message);
        Assert.Contains("Expected 2 × 1 answers", Assert.Throws<DecantException>(() => new RegressionAnswers([1], [1], 1, [0, 1])).Message);
    }

    internal static float[] Floats(JsonElement element, string name) => element.GetProperty(name).Deserialize<float[]>()!;
}
