using System.Text.Json.Nodes;
using Decant.Bench;
using Decant.Runs.Planning;

namespace Decant.Tests.Bench;

/// <summary>The measuring itself, with sides that take as long as a test wants.</summary>
public class WorkloadBenchTests
{
    // Counts of the tests' own, whatever the real ones are: 16 batches, 10 epochs, 64 steps to a round.
    private readonly Workload _workload = Workloads.Find("mlp") with { Samples = 2048, Epochs = 10, LiveSteps = 64 };
    private readonly List<string> _asked = [];

    [Fact]
    public void Times_become_ratios_of_the_same_number_of_updates()
    {
        var report = Measure(new FakeSide("ours", _asked, run: 1.6, steps: 1.28), new FakeSide("torch", _asked, steps: 0.64), new FakeSide("tuned", _asked, steps: 0.32));
        Assert.Equal((10.0, 20.0), (report.Run!.MillisecondsPerStep.Ours, report.Live!.MillisecondsPerStep.Ours));
        Assert.Equal(10, report.Run.MillisecondsPerStep.PytorchDefault!.Value, 1e-9);
        Assert.Equal((1.0, 0.5, 3), (report.Run.RatioDefault!.Median, report.Run.RatioTuned!.Median, report.Run.RatioTuned.Pairs));
        Assert.Equal((0.5, 0.25), (report.Live.RatioDefault!.Median, report.Live.RatioTuned!.Median));
        Assert.Equal(12_800, report.Run.SamplesPerSecond.Ours, 1e-6);
        Assert.Equal(new Sides(100, 90), report.PeakBytes);
        Assert.Equal((200.0, 64.0), (report.SgemmGflops.Ours, report.ManagedBytesPerStep));
        Assert.Equal(new BenchCores("1/2", "1+1"), report.Cores);
    }

    [Fact]
    public void The_share_of_the_peak_counts_what_each_mode_asks_for()
    {
        var report = Measure(new FakeSide("ours", _asked, run: 1.6, steps: 1.28));
        double teacher = 2 * (784 * 1200 + 1200 * 1200 + 1200 * 10), student = 2 * (784 * 800 + 800 * 800 + 800 * 10);
        var update = 3 * student - 2 * 784 * 800;
        Assert.Equal(2048 * (10 * update + teacher) / 1.6 / 200e9, report.Run!.PeakFraction, 1e-9);
        Assert.Equal(128 * 64 * (update + teacher) / 1.28 / 200e9, report.Live!.PeakFraction, 1e-9);
        Assert.Null(report.Run.RatioDefault);
    }

    [Fact]
    public void Sides_take_turns_and_each_begins_every_other_pair()
    {
        Measure(new FakeSide("ours", _asked, run: 1, steps: 1), new FakeSide("torch", _asked, steps: 1), new FakeSide("tuned", _asked, steps: 1));
        var rounds = _asked.Where(a => a is "ours run" || a.EndsWith(" steps 64", StringComparison.Ordinal)).Select(a => a.Split(' ')[0]).ToList();
        Assert.Equal(["ours", "ours", "ours", "torch", "tuned", "torch", "tuned", "ours", "ours", "ours", "ours", "torch", "tuned", "ours"], rounds);
    }

    [Fact]
    public void A_workload_that_is_augmented_without_end_has_one_mode_for_both()
    {
        var report = new WorkloadBench(Workloads.Find("resnet") with { Views = null, LiveSteps = 4 }, new BenchRequest { Pairs = 1 }, _ => { }).Measure(new FakeSide("ours", _asked, steps: 2), null, null, default);
        Assert.Equal(500, report.Run!.MillisecondsPerStep.Ours, 1e-9);
        Assert.Equal(500, report.Live!.MillisecondsPerStep.Ours, 1e-9);
        Assert.Equal(report.Run.PeakFraction, report.Live.PeakFraction, 1e-9);
        Assert.DoesNotContain("ours run", _asked);
    }

    [Fact]
    public void The_views_of_an_augmented_workload_are_answered_once_in_a_whole_training()
    {
        var resnet = Workloads.Find("resnet") with { LiveSteps = 4 };
        Assert.Equal((CachedOutputs.Logits, CachedOutputs.None), (resnet.Kept, (resnet with { Views = null }).Kept));
        var report = new WorkloadBench(resnet, new BenchRequest { Pairs = 1 }, _ => { }).Measure(new FakeSide("ours", _asked, run: 80, steps: 2), null, null, default);
        Assert.Contains("ours run", _asked);
        Assert.Equal(500, report.Run!.MillisecondsPerStep.Ours, 1e-9);   // 80 s, 160 updates
        var flops = BenchFlops.Of(resnet, new BenchInput(resnet).Shapes);
        Assert.Equal((10 * flops.Update + 4 * flops.Answer) / (10 * (flops.Update + flops.Answer)), report.Run.PeakFraction / report.Live!.PeakFraction, 1e-9);
    }

    [Fact]
    public void A_training_of_our_side_asks_its_teacher_about_all_views()
    {
        var tiny = TinyWorkloads.Small(Workloads.Find("resnet")) with { Views = 2, Epochs = 3 };
        var batches = new BenchInput(tiny).All.Enumerate(0).ToArray();
        Assert.Equal(2 * tiny.BatchesPerEpoch, batches.Length);
        Assert.Equal([0, 1], batches.Select(b => b.View).Distinct());
        foreach (var batch in batches) batch.Dispose();
    }

    [Theory]
    [InlineData(2.0003)]
    [InlineData(double.NaN)]
    public void Sides_that_do_not_compute_the_same_are_not_compared(double loss)
    {
        var error = Assert.Throws<DecantException>(() => Measure(
            new FakeSide("ours", _asked, run: 1, steps: 1), new FakeSide("torch", _asked, steps: 1) { Loss = loss }, new FakeSide("tuned", _asked, steps: 1)));
        Assert.Equal(ExitCodes.Fault, error.ExitCode);
        Assert.StartsWith("bench mlp: the sides do not compute the same, so their times are not compared. The loss of update 3 is 2 here and ", error.Message);
        Assert.DoesNotContain(_asked, a => a.Contains("steps"));
    }

    [Fact]
    public void PyTorch_is_tuned_to_its_best_threads_and_its_best_way()
    {
        var tuned = new FakeSide("tuned", _asked, steps: 1) { Cost = line => (line.Contains("\"variant\": 1") ? 0.5 : 1) * (line.Contains("\"threads\": 1, \"blas\": 0") ? 0.5 : 1) };
        Assert.Equal(new BenchChoice("b", 1, 0), BenchTuning.Tuned(tuned, 2, cores: 2, default));
        Assert.Equal("tuned use {\"variant\": 1, \"threads\": 1, \"blas\": 0}", _asked[^1]);
        var standard = new FakeSide("torch", _asked, steps: 1) { Cost = line => line.Contains("\"variant\": 1") ? 0.5 : 1 };
        Assert.Equal(new BenchChoice("b", 7, 0), BenchTuning.Default(standard, 2, default));
    }

    private WorkloadReport Measure(FakeSide ours, FakeSide? standard = null, FakeSide? tuned = null) =>
        new WorkloadBench(_workload, new BenchRequest { Pairs = 3 }, _ => { }).Measure(ours, standard, tuned, default);

    private sealed class FakeSide(string name, List<string> asked, double steps, double run = 0) : IBenchPeer
    {
        private string _use = "";

        public double Loss { get; init; } = 2;

        public Func<string, double> Cost { get; init; } = _ => 1;

        public JsonObject Ask(string line, CancellationToken cancellationToken)
        {
            asked.Add($"{name} {line}");
            if (line.StartsWith("use", StringComparison.Ordinal)) _use = line;
            return line.Split(' ')[0] switch
            {
                "check" => new() { ["losses"] = new JsonArray(1.0, 1.5, Loss) },
                "run" => new() { ["seconds"] = run },
                "steps" => new() { ["seconds"] = steps * Cost(_use), ["managed_bytes"] = 4096L, ["live_tensors"] = 19L },
                "variants" => new() { ["variants"] = new JsonArray("a", "b"), ["threads"] = 7, ["blas"] = 7 },
                "cores" => new() { ["run"] = "1/2", ["live"] = "1+1" },
                "peak" => new() { ["gflops"] = 200.0 },
                "memory" => new() { ["peak_bytes"] = name == "ours" ? 100L : 90L },
                _ => [],
            };
        }

        public void Dispose()
        {
        }
    }
}
