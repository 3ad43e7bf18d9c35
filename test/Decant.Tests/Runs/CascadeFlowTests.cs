using Decant.Inference.Cascades;
using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs;

/// <summary>A run, and a cascade of its student and teacher.</summary>
public sealed class CascadeFlowTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    private string Said(params string[] arguments)
    {
        var answer = _work.Decant(arguments);
        Assert.True(answer.Exit == 0, answer.Error);
        return Workplace.Words(answer.Out);
    }

    [Fact]
    public void A_run_has_a_cascade_in_its_report_and_the_command_chooses_another()
    {
        var run = _work.Distill("text.yaml", "run", "--set", "control=false", "--set", "baseline=none", "--set", "evaluate.latency-runs=0", "--set", "evaluate.cascade={ risk: 0.4, cost-teacher: 3 }", "--set", "distill.epochs=10", "--set", "teacher.train.epochs=6");
        var chosen = Workplace.Record(run).Events.OfType<CascadeChosen>().Single();
        Assert.Equal((32, 0.4, 60), (chosen.Policy.Rows, chosen.Policy.Level, chosen.TestRows));
        Assert.NotNull(chosen.Policy.Threshold);
        Assert.Contains("<h2>Cascade</h2>", File.ReadAllText(Path.Combine(run, "report.html")), StringComparison.Ordinal);

        var rows = _work.At("rows.csv");
        var said = Said("cascade", run, "--risk", "0.4", "--cost-teacher", "3", "--rows", rows);
        Assert.Contains("On the test split, which it was not chosen on", said, StringComparison.Ordinal);
        var policy = CascadePolicy.Load(Path.Combine(run, "student", "cascade.json"));
        Assert.Equal((chosen.Policy.Threshold, chosen.Policy.Accepted, chosen.Policy.Wrong), (policy.Threshold, policy.Accepted, policy.Wrong));
        Assert.Equal(33, File.ReadAllLines(rows).Length);
        Assert.Contains("<svg", File.ReadAllText(Path.Combine(run, "student", "cascade.html")), StringComparison.Ordinal);

        // The same rows from a file, and too few of them for what is asked.
        var texts = _work.At("held.jsonl");
        File.WriteAllText(texts, "{\"text\":\"a\",\"label\":\"b\"}\n");
        Assert.Contains("at least 59 are needed", Said("cascade", run, "--on", texts), StringComparison.Ordinal);
        Assert.Null(CascadePolicy.Load(Path.Combine(run, "student", "cascade.json")).Threshold);
    }
}
