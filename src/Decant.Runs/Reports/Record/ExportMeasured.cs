namespace Decant.Runs.Reports.Record;

/// <summary>A model as an ONNX file, measured in ONNX Runtime.</summary>
internal sealed record ExportMeasured : RunEvent
{
    /// <summary>The arm that it was made of.</summary>
    public required string Arm { get; init; }

    /// <summary>How its weights are stored: <c>float32</c>, or the form it is compressed to.</summary>
    public required string Form { get; init; }

    /// <summary>The file, relative to the run's folder; null: it was measured and not kept.</summary>
    public string? File { get; init; }

    /// <summary>Its size.</summary>
    public long Bytes { get; init; }

    /// <summary>The metric of <see cref="Score"/>.</summary>
    public required string Metric { get; init; }

    /// <summary>Its figure on the test split.</summary>
    public double Score { get; init; }

    /// <summary>It less the model it was made of, on the same samples; null for the teacher.</summary>
    public Comparison? Loss { get; init; }

    /// <summary>How close its answers are to those of the file in float32; null for that one.</summary>
    public ExportAgreement? Agreement { get; init; }

    /// <summary>One sample at a time with one thread.</summary>
    public required LatencyFigures OneThread { get; init; }

    /// <summary>Samples per second in batches with one thread.</summary>
    public double SamplesPerSecond { get; init; }

    /// <summary>One sample at a time with <see cref="Threads"/>; null where the machine has one.</summary>
    public LatencyFigures? AllThreads { get; init; }

    /// <summary>Samples per second in batches with <see cref="Threads"/>; null as <see cref="AllThreads"/>.</summary>
    public double? SamplesPerSecondAllThreads { get; init; }

    /// <summary>All threads that were tried.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>From opening the file to the first answer, milliseconds.</summary>
    public double FirstAnswer { get; init; }

    /// <summary>The peak resident memory of a process that opens it and answers, with the .NET runtime in it; null where it was not measured.</summary>
    public long? PeakBytes { get; init; }
}

/// <summary>How close the answers of a compressed model are to those of the model in float32.</summary>
/// <param name="Rows">The answers that were compared.</param>
/// <param name="SameAnswer">The share with the same class or token; null where answers are numbers.</param>
/// <param name="KlMedian">The median of KL(float32 ‖ form), nats; null as <paramref name="SameAnswer"/>.</param>
/// <param name="Kl99">Its 99th percentile.</param>
/// <param name="Cosine">The median cosine of the answers as vectors; null where they are probabilities of classes or tokens.</param>
internal sealed record ExportAgreement(int Rows, double? SameAnswer, double? KlMedian, double? Kl99, double? Cosine);
