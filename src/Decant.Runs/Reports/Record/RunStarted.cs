namespace Decant.Runs.Reports.Record;

/// <summary>A run began.</summary>
internal sealed record RunStarted : RunEvent
{
    /// <summary>Which run it is, 32 hexadecimal digits drawn when it began; its checkpoints have the same. Null in records of earlier versions.</summary>
    public string? RunId { get; init; }

    /// <summary>The recipe's name.</summary>
    public required string Name { get; init; }

    /// <summary>What the recipe says it is about; empty when it says nothing.</summary>
    public string About { get; init; } = "";

    /// <summary>The task, such as <c>classification</c>.</summary>
    public string Task { get; init; } = "";

    /// <summary>The recipe as run, YAML.</summary>
    public string Recipe { get; init; } = "";

    /// <summary>Models that were fetched, by key of the recipe, each with the address that names its very files: <c>hf:ORG/NAME@COMMIT</c>. Null: none was.</summary>
    public IReadOnlyDictionary<string, string>? Models { get; init; }

    /// <summary>The command that runs it again.</summary>
    public string Command { get; init; } = "";

    /// <summary>Decant's version.</summary>
    public string DecantVersion { get; init; } = "";

    /// <summary>The machine it ran on.</summary>
    public Machine? Machine { get; init; }

    /// <summary>The seeds, one per repetition.</summary>
    public IReadOnlyList<long> Seeds { get; init; } = [];
}

/// <summary>What a run ran on.</summary>
internal sealed record Machine
{
    /// <summary>The processor's name.</summary>
    public string Cpu { get; init; } = "";

    /// <summary>How many cores there are.</summary>
    public int Cores { get; init; }

    /// <summary>How many threads the run used.</summary>
    public int Threads { get; init; }

    /// <summary>The operating system.</summary>
    public string Os { get; init; } = "";

    /// <summary>libtorch's version.</summary>
    public string Libtorch { get; init; } = "";

    /// <summary>The BLAS in use.</summary>
    public string Blas { get; init; } = "";

    /// <summary>The processor family that OpenBLAS chose its kernels for, like <c>SkylakeX</c>; empty with another BLAS, and in records of earlier versions.</summary>
    public string BlasKernels { get; init; } = "";
}

/// <summary>A run that was stopped or killed was resumed. What it had recorded after the point that it resumes from is not in the record.</summary>
internal sealed record Resumed : RunEvent
{
    /// <summary>The arm that is resumed; null when none was begun, or all are trained.</summary>
    public string? Arm { get; init; }

    /// <summary>Its seed.</summary>
    public long Seed { get; init; }

    /// <summary>The optimizer steps that it had made.</summary>
    public long Step { get; init; }

    /// <summary>The command that it was resumed with.</summary>
    public string Command { get; init; } = "";
}

/// <summary>A run ended by itself; a record without this was cut off.</summary>
public sealed record RunFinished : RunEvent
{
    /// <summary>Wall time of the whole run, seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>The exit code.</summary>
    public int Exit { get; init; }
}

/// <summary>Something that a reader of the report must know.</summary>
public sealed record RunNote : RunEvent
{
    /// <summary>The note, plain text.</summary>
    public required string Text { get; init; }
}
