namespace Decant.Runs.Reports.Record;

/// <summary>One trained model, measured on one split.</summary>
internal sealed record Evaluated : RunEvent
{
    /// <summary>The arm.</summary>
    public required string Arm { get; init; }

    /// <summary>Its seed.</summary>
    public long Seed { get; init; }

    /// <summary>The split; reports show <c>test</c>.</summary>
    public string Split { get; init; } = "test";

    /// <summary>How many samples it has.</summary>
    public long Samples { get; init; }

    /// <summary>How many words or tokens those samples have; null where a sample is answered as a whole.</summary>
    public long? Rows { get; init; }

    /// <summary>The metrics by name.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>One entry per class, by index.</summary>
    public IReadOnlyList<ClassResult> PerClass { get; init; } = [];

    /// <summary>Counts, one row per label and one column per answer; empty when not recorded.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; } = [];

    /// <summary>The bins of the reliability diagram, from low confidence to high.</summary>
    public IReadOnlyList<ReliabilityBin> Calibration { get; init; } = [];

    /// <summary>One entry per type of entity, by name; null unless the task is token classification.</summary>
    public IReadOnlyList<EntityResult>? Entities { get; init; }

    /// <summary>One entry per output, in order; null unless the task is regression.</summary>
    public IReadOnlyList<OutputResult>? Outputs { get; init; }

    /// <summary>Some samples of the first output of a regression: what was wanted and what was answered; null for other tasks.</summary>
    public IReadOnlyList<ScatterPoint>? Scatter { get; init; }

    /// <summary>Closeness to the teacher; null for the teacher.</summary>
    public TeacherAgreement? Agreement { get; init; }

    /// <summary>The model against an answer that needs no model; null where the task has none, and in records of before this was written.</summary>
    public TrivialAnswerResult? TrivialAnswer { get; init; }
}

/// <summary>A model against an answer that needs no model, on the same samples.</summary>
/// <param name="Answer">That answer, as in "not measurably better than …": <c>always answering 'equivalent'</c>.</param>
/// <param name="Score">Its figure in the headline metric.</param>
/// <param name="P">The one-sided p-value of "no better"; null where there is no test.</param>
/// <param name="Beaten">Whether the model is better, at a level of 0.05.</param>
internal sealed record TrivialAnswerResult(string Answer, double Score, double? P, bool Beaten);

/// <summary>How well one class is recognised.</summary>
/// <param name="Precision">Of the samples answered with it, the share that has it.</param>
/// <param name="Recall">Of the samples that have it, the share answered with it.</param>
/// <param name="F1">Their harmonic mean.</param>
/// <param name="Support">How many samples have it.</param>
internal sealed record ClassResult(double Precision, double Recall, double F1, int Support);

/// <summary>How well entities of one type are found, their words and type exactly.</summary>
/// <param name="Type">The type.</param>
/// <param name="Precision">Of those found, the share that is right.</param>
/// <param name="Recall">Of those there are, the share that was found.</param>
/// <param name="F1">Their harmonic mean.</param>
/// <param name="Support">How many there are.</param>
internal sealed record EntityResult(string Type, double Precision, double Recall, double F1, int Support);

/// <summary>How well one output of a regression is met.</summary>
/// <param name="Pearson">Pearson's correlation with the targets.</param>
/// <param name="Spearman">Spearman's.</param>
/// <param name="Mse">The mean squared error.</param>
/// <param name="Mae">The mean absolute error.</param>
internal sealed record OutputResult(double Pearson, double Spearman, double Mse, double Mae);

/// <summary>One sample of a regression.</summary>
/// <param name="Target">What was wanted.</param>
/// <param name="Answer">What the model answered.</param>
internal sealed record ScatterPoint(double Target, double Answer);

/// <summary>The samples with an answer of a probability in (Low, High].</summary>
/// <param name="Low">Lower bound of the confidence.</param>
/// <param name="High">Upper bound.</param>
/// <param name="Count">How many samples.</param>
/// <param name="Confidence">Their mean confidence.</param>
/// <param name="Accuracy">The share that is right.</param>
internal sealed record ReliabilityBin(double Low, double High, int Count, double Confidence, double Accuracy);

/// <summary>How close a model is to its teacher.</summary>
/// <param name="SameAnswer">The share of samples answered alike.</param>
/// <param name="MeanKl">Mean KL(teacher ‖ model), nats.</param>
internal sealed record TeacherAgreement(double SameAnswer, double MeanKl);

/// <summary>How fast a model is.</summary>
internal sealed record LatencyMeasured : RunEvent
{
    /// <summary>The arm.</summary>
    public required string Arm { get; init; }

    /// <summary>One sample at a time.</summary>
    public required LatencyFigures One { get; init; }

    /// <summary>Samples per second in batches of <see cref="BatchSize"/>.</summary>
    public double SamplesPerSecond { get; init; }

    /// <summary>The batch size of the throughput.</summary>
    public int BatchSize { get; init; } = 32;
}

/// <summary>Durations in milliseconds.</summary>
/// <param name="Count">How many calls were timed.</param>
/// <param name="P50">The median.</param>
/// <param name="P90">90th percentile.</param>
/// <param name="P95">95th percentile.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="Min">The fastest.</param>
public sealed record LatencyFigures(int Count, double P50, double P90, double P95, double P99, double Min);

/// <summary>Two models on the same test samples.</summary>
public sealed record Comparison : RunEvent
{
    /// <summary>The first arm.</summary>
    public required string A { get; init; }

    /// <summary>The second arm.</summary>
    public required string B { get; init; }

    /// <summary>The metric compared.</summary>
    public string Metric { get; init; } = "accuracy";

    /// <summary>A − B, in the metric's own unit (shares from 0 to 1); below zero is better where less of the metric is.</summary>
    public required double Difference { get; init; }

    /// <summary>Lower end of its interval.</summary>
    public required double Low { get; init; }

    /// <summary>Upper end.</summary>
    public required double High { get; init; }

    /// <summary>The interval's confidence.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>The p-value of McNemar's test; null where it does not apply.</summary>
    public double? P { get; init; }

    /// <summary>How many seeds were compared; null in records of before this was written.</summary>
    public int? Seeds { get; init; }

    /// <summary>How many independent units the interval draws again; null in records of before this was written.</summary>
    public int? Units { get; init; }

    /// <summary>What such a unit is: <c>sample</c>, or of running text <c>document</c> or <c>block</c>; null as <see cref="Units"/>.</summary>
    public string? Unit { get; init; }

    /// <summary>
    /// <c>helped</c>, <c>no-difference</c> or <c>hurt</c>; of models that were trained once <c>better</c>, <c>no-difference</c> or <c>worse</c>. Records without
    /// <see cref="Seeds"/> say <c>helped</c> and <c>hurt</c> of one seed too.
    /// </summary>
    public required string Verdict { get; init; }

    /// <summary>The same in a sentence.</summary>
    public required string Sentence { get; init; }
}
