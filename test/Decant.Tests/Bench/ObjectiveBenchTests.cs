using System.Text.Json.Nodes;
using Decant.Bench;
using Decant.Data.Batching;
using Decant.Objectives;
using Decant.Runs;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Bench;

/// <summary>What objectives are said to cost.</summary>
public sealed class ObjectiveBenchTests
{
    [Fact]
    public void Every_kind_of_the_catalog_is_measured_with_both_pairs_or_says_why_not()
    {
        var asked = new List<string>();
        var job = new ObjectiveBenchJob(Catalog.Standard, (pair, objective, _) =>
        {
            asked.Add($"{pair} {objective}");
            return objective.Length == 0 ? 100 : 103;
        });
        var report = job.Run(new ObjectiveBenchRequest { Rounds = 2, Steps = 1 }, Tiny, null, CancellationToken.None);
        Assert.Equal(["encoder", "resnet"], report.Pairs.Select(p => p.Name));
        foreach (var pair in report.Pairs)
        {
            Assert.Equal(Catalog.Standard.Kinds.Kinds(Sections.Objective).Select(k => k.Kind).Where(k => k != "soft-targets"), pair.Objectives.Select(o => o.Objective));
            Assert.True(pair.BaseMilliseconds > 0 && pair.BaseProcessorMilliseconds > 0);
            Assert.All(pair.Objectives, o => Assert.Equal(o.AddedMilliseconds is null, o.AddedProcessorMilliseconds is null));
            Assert.Equal(100, pair.BaseBytes);
            Assert.All(pair.Objectives, o => Assert.NotEqual(o.Reason is null, o.AddedMilliseconds is null));
            Assert.All(pair.Objectives.Where(o => o.Reason is null), o => Assert.Equal(3, o.AddedBytes));
            Assert.All(pair.Objectives.Where(o => o.Reason is null), o => Assert.InRange(o.AddedMilliseconds!.Value, o.Range!.Least, o.Range.Most));
            // What needs nothing but classes and representations runs as it is.
            Assert.All(new[] { "labels", "logits-mse", "relation-distance", "relation-angle", "similarity-preserving", "correlation-congruence" }, kind => Assert.Null(Of(pair, kind).Reason));
            Assert.Contains("needs numbers", Of(pair, "target-mse").Reason, StringComparison.Ordinal);
            Assert.DoesNotContain($"{pair.Name} target-mse", asked);
            Assert.Contains($"{pair.Name} relation-angle", asked);
        }
    }

    [Fact]
    public void What_an_objective_costs_is_found_and_waiting_is_no_work()
    {
        // An objective that waits 5 ms and works 2 ms, on a clock that stands still otherwise: what other programs do meanwhile changes nothing.
        var (wall, processor) = (TimeSpan.Zero, TimeSpan.Zero);
        var catalog = Catalog.Standard.Objective<SlowOptions>("slow", "waits", true, o => new Slow(() =>
        {
            wall += TimeSpan.FromMilliseconds(o.Waiting + o.Working);
            processor += TimeSpan.FromMilliseconds(o.Working);
        }));
        var request = new ObjectiveBenchRequest { Rounds = 3, Steps = 4, Objectives = ["{ kind: slow, waiting: 5, working: 2 }"] };
        var pair = Assert.Single(new ObjectiveBenchJob(catalog, null, new BenchClock(() => wall, () => processor)).Run(request, Tiny.Take(1).ToArray(), null, CancellationToken.None).Pairs);
        var cost = Assert.Single(pair.Objectives);
        Assert.Equal("{ kind: slow, waiting: 5, working: 2 }", cost.Objective);
        Assert.Equal(7, cost.AddedMilliseconds!.Value, 1e-9);
        Assert.Equal(2, cost.AddedProcessorMilliseconds!.Value, 1e-9);
        Assert.Equal(0, pair.BaseMilliseconds);
        Assert.Null(pair.BaseBytes);
        Assert.Null(cost.AddedBytes);
    }

    [Fact]
    public void The_clock_of_the_machine_goes_on_and_a_program_that_works_is_seen()
    {
        var (wall, processor) = (BenchClock.Machine.Wall(), BenchClock.Machine.Processor());
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (watch.ElapsedMilliseconds < 50 || BenchClock.Machine.Processor() <= processor)
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), "no processor time is counted");
        Assert.True(BenchClock.Machine.Wall() - wall >= TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void One_that_cannot_run_says_why_and_the_others_are_measured()
    {
        var report = new ObjectiveBenchJob(Catalog.Standard, null).Run(
            new ObjectiveBenchRequest { Rounds = 1, Steps = 1, Objectives = ["{ kind: relation-distance, student: nowhere }", "{ kind: labels, label-smooth: 1 }", "labels"] }, Tiny, null, CancellationToken.None);
        Assert.All(report.Pairs, pair =>
        {
            Assert.Contains("has no 'nowhere'; near it are", pair.Objectives[0].Reason, StringComparison.Ordinal);
            Assert.Contains("unknown key 'label-smooth'", pair.Objectives[1].Reason, StringComparison.Ordinal);
            Assert.NotNull(pair.Objectives[2].AddedMilliseconds);
        });
    }

    [Fact]
    public void A_kind_that_there_is_not_is_refused()
    {
        var job = new ObjectiveBenchJob(Catalog.Standard, null);
        var error = Assert.Throws<DecantException>(() => job.Run(new ObjectiveBenchRequest { Objectives = ["relation-distanz"] }, Tiny, null, CancellationToken.None));
        Assert.Contains("there is no objective 'relation-distanz'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'relation-distance'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_left_of_it()
    {
        var job = new ObjectiveBenchJob(Catalog.Standard, null);
        var request = new ObjectiveBenchRequest { Rounds = 1, Steps = 1, Objectives = ["relation-angle", "labels"] };
        job.Run(request, Tiny, null, CancellationToken.None);
        var before = Tensor.LiveCount;
        job.Run(request, Tiny, null, CancellationToken.None);
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void A_process_of_its_own_tells_its_memory()
    {
        using var output = new StringWriter();
        BenchSideProtocol.Serve(ObjectiveMemory.Prefix + "resnet", "similarity-preserving", null, new StringReader("memory\n"), output);
        var answers = output.ToString().Trim().Split('\n').Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.True(answers[0]["ready"]!.GetValue<bool>());
        Assert.True(answers[1]["peak_bytes"]!.GetValue<long>() > 10 << 20 || !OperatingSystem.IsLinux());
    }

    private static IReadOnlyList<Workload> Tiny => [.. ObjectivePairs.All.Select(TinyWorkloads.Small)];

    private static ObjectiveCost Of(ObjectivePairReport pair, string kind) => pair.Objectives.Single(o => o.Objective == kind);

    public sealed record SlowOptions : ObjectiveOptions
    {
        public int Waiting { get; init; }

        public int Working { get; init; }
    }

    private sealed class Slow(Action pass) : IObjective
    {
        public string Kind => "slow";

        public SignalKinds Needs => SignalKinds.DenseLogits;

        public bool IsRowwise => true;

        public long Count(Batch batch) => batch.Rows;

        public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch)
        {
            pass();
            return new(student.Logits.Sum() * 0, batch.Rows);
        }
    }
}
