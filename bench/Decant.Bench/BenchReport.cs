using Decant.Runs.Reports.Record;

namespace Decant.Bench;

/// <summary>The options of <c>decant bench</c>.</summary>
internal sealed record BenchRequest
{
    /// <summary>The workloads' names; none: all.</summary>
    public IReadOnlyList<string> Workloads { get; init; } = [];

    /// <summary>Rounds of each side, one after another; 9.</summary>
    public int Pairs { get; init; } = 9;

    /// <summary>Measure trainings from start to end, with cached teacher outputs where possible; default: true.</summary>
    public bool Run { get; init; } = true;

    /// <summary>Measure updates with a teacher forward pass each; default: true.</summary>
    public bool Live { get; init; } = true;

    /// <summary>Threads of our side; null: one per core.</summary>
    public int? Threads { get; init; }

    /// <summary>The Python with PyTorch; null: measure our side alone.</summary>
    public string? Python { get; init; } = BenchJob.DefaultPython;
}

/// <summary>What all workloads came to.</summary>
/// <param name="Machine">What was measured on.</param>
/// <param name="Workloads">One after another.</param>
internal sealed record BenchReport(BenchMachine Machine, IReadOnlyList<WorkloadReport> Workloads);

/// <summary>The machine as both sides see it.</summary>
internal sealed record BenchMachine
{
    /// <summary>The processor, libtorch, the BLAS, and our threads.</summary>
    public required Machine Facts { get; init; }

    /// <summary>The variables <c>OMP_*</c> and <c>OPENBLAS_*</c> that our side runs under.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>PyTorch's version; null: our side was measured alone.</summary>
    public string? Pytorch { get; init; }
}

/// <summary>One workload.</summary>
internal sealed record WorkloadReport
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in a line.</summary>
    public required string About { get; init; }

    /// <summary>The samples of a batch.</summary>
    public required int Batch { get; init; }

    /// <summary>How many samples there are.</summary>
    public required int Samples { get; init; }

    /// <summary>How often a whole training sees each of them.</summary>
    public required int Epochs { get; init; }

    /// <summary>Whole trainings; null: not measured.</summary>
    public BenchFigures? Run { get; init; }

    /// <summary>Updates with a teacher forward pass each; null: not measured.</summary>
    public BenchFigures? Live { get; init; }

    /// <summary>The most memory that the processes had, bytes; PyTorch's is the smaller of its two.</summary>
    public required Sides PeakBytes { get; init; }

    /// <summary>What memory it saves to make a vocabulary's logits in parts; null: the workload has none.</summary>
    public HeadFigures? Head { get; init; }

    /// <summary>GFLOP/s of a large float32 matrix product, the median of some moments of the run.</summary>
    public required Sides SgemmGflops { get; init; }

    /// <summary>Bytes that an update with a live teacher allocates on .NET's heap.</summary>
    public required double ManagedBytesPerStep { get; init; }

    /// <summary>Tensors of our side after its first update and after its last.</summary>
    public required FirstAndLast LiveTensors { get; init; }

    /// <summary>How our teacher and student shared the cores, found by measurement at the start as in a run.</summary>
    public required BenchCores Cores { get; init; }

    /// <summary>How PyTorch ran when tuned; null: our side was measured alone.</summary>
    public BenchChoice? Tuned { get; init; }

    /// <summary>How PyTorch ran with its defaults.</summary>
    public BenchChoice? Default { get; init; }

    /// <summary>The losses of the first updates, which had to agree.</summary>
    public IReadOnlyList<double> Losses { get; init; } = [];
}

/// <summary>The peak resident memory of two updates with a vocabulary of 50,257 and 2,048 positions, each in a process of its own; bytes.</summary>
/// <param name="PartsBytes">With logits made some rows at a time, as every training makes them.</param>
/// <param name="WholeBytes">With all logits at once.</param>
internal sealed record HeadFigures(long PartsBytes, long WholeBytes)
{
    /// <summary>The one ÷ the other.</summary>
    public double Ratio => (double)PartsBytes / WholeBytes;
}

/// <summary>What rounds of one mode came to.</summary>
internal sealed record BenchFigures
{
    /// <summary>PyTorch's time with its defaults ÷ ours, pair by pair; null: our side was measured alone.</summary>
    public Spread? RatioDefault { get; init; }

    /// <summary>PyTorch's time when tuned ÷ ours, pair by pair.</summary>
    public Spread? RatioTuned { get; init; }

    /// <summary>The share of the matrix product's rate at which our side did what the models ask for.</summary>
    public required double PeakFraction { get; init; }

    /// <summary>Samples per second, medians.</summary>
    public required ThreeSides SamplesPerSecond { get; init; }

    /// <summary>Milliseconds per update, medians.</summary>
    public required ThreeSides MillisecondsPerStep { get; init; }
}

/// <summary>Ratios of pairs.</summary>
/// <param name="Median">The middle one.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Max">The largest.</param>
/// <param name="Pairs">How many.</param>
internal sealed record Spread(double Median, double Min, double Max, int Pairs)
{
    /// <summary>Of numbers, at least one.</summary>
    public static Spread Of(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new(MedianOf(values), values.Min(), values.Max(), values.Count);
    }

    /// <summary>The middle of the sorted numbers, or the mean of the two in the middle.</summary>
    public static double MedianOf(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>A figure of both sides.</summary>
/// <param name="Ours">Decant's.</param>
/// <param name="Pytorch">PyTorch's; null: our side was measured alone.</param>
internal sealed record Sides(double Ours, double? Pytorch);

/// <summary>A figure of ours and of PyTorch in both ways.</summary>
/// <param name="Ours">Decant's.</param>
/// <param name="PytorchDefault">With PyTorch's defaults.</param>
/// <param name="PytorchTuned">With the best threads.</param>
internal sealed record ThreeSides(double Ours, double? PytorchDefault, double? PytorchTuned);

/// <summary>Shares of the cores: <c>2</c> is in turn on two threads, <c>1/2</c> has operators on one and matrix products on two, <c>1+1</c> is student and teacher at the same time.</summary>
/// <param name="Run">In whole trainings.</param>
/// <param name="Live">With a live teacher.</param>
internal sealed record BenchCores(string Run, string Live);

/// <summary>A count at two moments.</summary>
/// <param name="AfterFirst">After the first update.</param>
/// <param name="AfterLast">After the last.</param>
internal sealed record FirstAndLast(long AfterFirst, long AfterLast);

/// <summary>How PyTorch ran.</summary>
/// <param name="Variant">Which of the peer's ways: teacher and optimizer.</param>
/// <param name="Threads">Threads of libtorch.</param>
/// <param name="BlasThreads">Threads of OpenBLAS; 0: its own default, or another BLAS.</param>
internal sealed record BenchChoice(string Variant, int Threads, int BlasThreads)
{
    /// <summary>The kernels that its OpenBLAS computed with; empty with another BLAS.</summary>
    public string Kernels { get; init; } = "";
}

/// <summary>Something happened while it was measured.</summary>
/// <param name="Workload">Where.</param>
/// <param name="Text">A line for people.</param>
internal sealed record BenchEvent(string Workload, string Text);
