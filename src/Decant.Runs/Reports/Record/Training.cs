namespace Decant.Runs.Reports.Record;

/// <summary>An arm began to train.</summary>
public sealed record ArmStarted : RunEvent
{
    /// <summary>The arm, one of <see cref="Arms"/>.</summary>
    public required string Arm { get; init; }

    /// <summary>Its seed.</summary>
    public long Seed { get; init; }

    /// <summary>How many epochs it will train.</summary>
    public int Epochs { get; init; }

    /// <summary>How many optimizer steps that is.</summary>
    public long Steps { get; init; }

    /// <summary>What it learns from, in words, such as <c>0.9 soft-targets (τ = 2) + 0.1 labels</c>.</summary>
    public string Objectives { get; init; } = "";

    /// <summary>The name of the stage, where the arm learns in several: that of the last is the arm's own, and says its stage here.</summary>
    public string? Stage { get; init; }
}

/// <summary>The state of training after an optimizer step; not every step is recorded.</summary>
public sealed record StepTaken : RunEvent
{
    /// <summary>The arm.</summary>
    public required string Arm { get; init; }

    /// <summary>Its seed.</summary>
    public long Seed { get; init; }

    /// <summary>Optimizer steps taken so far.</summary>
    public required long Step { get; init; }

    /// <summary>Epochs so far, with the fraction of the current one.</summary>
    public double Epoch { get; init; }

    /// <summary>The total loss.</summary>
    public double Loss { get; init; }

    /// <summary>What each objective added to it, unweighted.</summary>
    public IReadOnlyDictionary<string, double> Parts { get; init; } = new Dictionary<string, double>();

    /// <summary>What changes over the training, as it was in this step, such as <c>soft-targets/temperature</c>; empty where all stays.</summary>
    public IReadOnlyDictionary<string, double> Settings { get; init; } = new Dictionary<string, double>();

    /// <summary>The learning rate of the step.</summary>
    public double LearningRate { get; init; }

    /// <summary>Training samples per second since the last recorded step.</summary>
    public double SamplesPerSecond { get; init; }
}

/// <summary>The figures on the validation split.</summary>
public sealed record Validated : RunEvent
{
    /// <summary>The arm.</summary>
    public required string Arm { get; init; }

    /// <summary>Its seed.</summary>
    public long Seed { get; init; }

    /// <summary>Epochs so far.</summary>
    public double Epoch { get; init; }

    /// <summary>Optimizer steps so far.</summary>
    public required long Step { get; init; }

    /// <summary>The metrics by name.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();
}

/// <summary>An arm is trained.</summary>
public sealed record ArmFinished : RunEvent
{
    /// <summary>The arm.</summary>
    public required string Arm { get; init; }

    /// <summary>Its seed.</summary>
    public long Seed { get; init; }

    /// <summary>Wall time, seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>The step with the weights that were kept.</summary>
    public long BestStep { get; init; }

    /// <summary>The validation metric there; null when nothing was validated.</summary>
    public double? BestMetric { get; init; }

    /// <summary>The name of that metric.</summary>
    public string? MetricName { get; init; }

    /// <summary>Why it stopped, in words, such as <c>all epochs done</c>.</summary>
    public string Stopped { get; init; } = "";
}
