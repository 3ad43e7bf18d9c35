using System.Text.Json;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.Summary;
using Decant.Runs.Reports.View;

namespace Decant.Tests.Runs.Reports;

public sealed class SummaryTests
{
    [Fact]
    public void Each_model_has_its_size_metrics_and_latency_and_the_run_its_verdict()
    {
        var json = Summary("quickstart");

        foreach (var arm in new[] { "teacher", "student", "control" })
        {
            var model = json.GetProperty(arm);
            Assert.Equal(arm == "teacher" ? 5_312_020 : 562_452, model.GetProperty("parameters").GetInt64());
            Assert.Equal(arm == "teacher" ? 21_248_080 : 2_249_808, model.GetProperty("bytes").GetInt64());
            Assert.InRange(model.GetProperty("metrics").GetProperty("accuracy").GetDouble(), 0.8, 1);
            Assert.True(model.GetProperty("latency_ms").GetProperty("p50").GetDouble() < model.GetProperty("latency_ms").GetProperty("p95").GetDouble());
            Assert.True(model.GetProperty("samples_per_second").GetDouble() > 0);
        }
        var verdict = json.GetProperty("verdict");
        Assert.Equal("better", verdict.GetProperty("verdict").GetString());
        Assert.StartsWith("This student is better than this control: student", verdict.GetProperty("sentence").GetString());
        var difference = verdict.GetProperty("difference").GetDouble();
        Assert.InRange(difference, verdict.GetProperty("interval")[0].GetDouble(), verdict.GetProperty("interval")[1].GetDouble());
        Assert.Equal(
            json.GetProperty("student").GetProperty("metrics").GetProperty("accuracy").GetDouble() - json.GetProperty("control").GetProperty("metrics").GetProperty("accuracy").GetDouble(),
            difference, 1e-12);
    }

    [Fact]
    public void Several_seeds_give_mean_spread_and_each_value()
    {
        var student = Summary("digits").GetProperty("student");

        double[] values = [.. student.GetProperty("per_seed").GetProperty("accuracy").EnumerateArray().Select(v => v.GetDouble())];
        Assert.Equal([1, 2, 3], student.GetProperty("seeds").EnumerateArray().Select(s => s.GetInt64()));
        Assert.Equal(values.Average(), student.GetProperty("metrics").GetProperty("accuracy").GetDouble(), 1e-12);
        Assert.Equal(Figure.Of(values).Spread!.Value, student.GetProperty("spread").GetProperty("accuracy").GetDouble(), 1e-12);
    }

    [Fact]
    public void The_spread_is_the_sample_standard_deviation() => Assert.Equal(Math.Sqrt(2), Figure.Of([1, 3]).Spread!.Value, 1e-12);

    [Theory]
    [MemberData(nameof(Gallery.Names), MemberType = typeof(Gallery))]
    public void Every_run_has_a_summary_even_one_that_was_cut_off(string name) => Assert.Equal(JsonValueKind.Object, Summary(name).ValueKind);

    [Fact]
    public void What_is_not_a_number_is_null()
    {
        var record = RunRecord.From(
        [
            new Evaluated { Arm = "student", Metrics = new Dictionary<string, double> { ["nll"] = double.NaN } },
            new Comparison { A = "student", B = "control", Difference = double.NaN, Low = double.NaN, High = double.NaN, Verdict = "no-difference", Sentence = "" },
        ]);

        var json = JsonDocument.Parse(RunSummary.ToJson(record)).RootElement;

        Assert.Equal(JsonValueKind.Null, json.GetProperty("student").GetProperty("metrics").GetProperty("nll").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("verdict").GetProperty("interval")[0].ValueKind);
    }

    [Fact]
    public void The_file_replaces_an_older_one_and_leaves_no_other_behind()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("summary.json");
        RunSummary.Write(Gallery.Runs["empty"], path);
        RunSummary.Write(Gallery.Runs["quickstart"], path);

        Assert.Equal(RunSummary.ToJson(Gallery.Runs["quickstart"]), File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(folder.Name));
    }

    private static JsonElement Summary(string run) => JsonDocument.Parse(RunSummary.ToJson(Gallery.Runs[run])).RootElement;
}
