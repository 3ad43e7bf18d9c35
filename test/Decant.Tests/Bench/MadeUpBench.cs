using Decant.Bench;
using Decant.Runs.Reports.Record;

namespace Decant.Tests.Bench;

/// <summary>Measurements as they might have come out.</summary>
internal static class MadeUpBench
{
    public static BenchReport Report { get; } = new(
        new BenchMachine
        {
            Facts = new Machine { Cpu = "Some Processor", Cores = 2, Threads = 2, Os = "Linux", Libtorch = "1.13.0", Blas = "OpenBLAS", BlasKernels = "SkylakeX" },
            Environment = new Dictionary<string, string> { ["OMP_WAIT_POLICY"] = "PASSIVE" },
            Pytorch = "1.13.0",
        },
        [Workload("mlp"), Workload("lstm") with { Run = null, Live = Alone, Tuned = null, Default = null, PeakBytes = new Sides(200 << 20, null) }]);

    private static BenchFigures Alone => new() { PeakFraction = 0.5, SamplesPerSecond = new ThreeSides(12800, null, null), MillisecondsPerStep = new ThreeSides(10, null, null) };

    public static ObjectiveBenchReport Objectives { get; } = new(Report.Machine, [new ObjectivePairReport
    {
        Name = "encoder",
        About = "a large one teaches a small one [of 128]",
        Batch = 32,
        BaseMilliseconds = 60,
        BaseProcessorMilliseconds = 118.5,
        BaseBytes = 300 << 20,
        Objectives =
        [
            new() { Objective = "labels", AddedMilliseconds = -0.3, AddedProcessorMilliseconds = -0.1, Range = new(-2, 1), AddedBytes = 0 },
            new() { Objective = "target-mse", Reason = "'target-mse' wants numbers." },
            new() { Objective = "{ kind: relation-angle, representation: logits }", AddedMilliseconds = 12, AddedProcessorMilliseconds = 23.5, Range = new(11, 14.25), AddedBytes = 33 << 20 },
            new() { Objective = "relation-distance", AddedMilliseconds = 3.25, Range = new(3, 4) },
        ],
    }]);

    public static SoakReport Soak(double late) => new([new WorkloadSoak
    {
        Name = "mlp",
        Steps = 10_000,
        Batch = 128,
        ResidentBytes = new SoakFigure(100 << 20, late * (1 << 20), [100 << 20, late * (1 << 20)]),
        LiveTensors = new SoakFigure(50, 50, [50, 50]),
        OpenHandles = new SoakFigure(30, 30, [30, 30]),
    }]);

    private static WorkloadReport Workload(string name) => new()
    {
        Name = name,
        About = "a large one teaches a small one [of 800]",
        Batch = 128,
        Samples = 2048,
        Epochs = 10,
        Run = Figures(4),
        Live = Figures(8),
        PeakBytes = new Sides(300 << 20, 290 << 20),
        SgemmGflops = new Sides(250, 251),
        ManagedBytesPerStep = 53_000,
        LiveTensors = new FirstAndLast(19, 19),
        Cores = new BenchCores("1/2", "1+1"),
        Tuned = new BenchChoice("plain teacher, foreach optimizer", 1, 0) { Kernels = "SkylakeX" },
        Default = new BenchChoice("plain teacher, plain optimizer", 1, 0) { Kernels = "SkylakeX" },
        Losses = [2.5, 2.25, 2.125],
    };

    private static BenchFigures Figures(double ours) => new()
    {
        RatioDefault = Spread.Of([9 / ours, 10 / ours, 11 / ours]),
        RatioTuned = Spread.Of([8 / ours]),
        PeakFraction = 0.61,
        SamplesPerSecond = new ThreeSides(128_000 / ours, 12_800, 16_000),
        MillisecondsPerStep = new ThreeSides(ours, 10, 8),
    };
}
