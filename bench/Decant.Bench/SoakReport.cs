namespace Decant.Bench;

/// <summary>The options of <c>decant bench soak</c>.</summary>
internal sealed record SoakRequest
{
    /// <summary>The workloads' names; none: all.</summary>
    public IReadOnlyList<string> Workloads { get; init; } = [];

    /// <summary>Updates of each; 10,000.</summary>
    public int Steps { get; init; } = 10_000;

    /// <summary>Samples of a batch; null: the workload's own.</summary>
    public int? Batch { get; init; }
}

/// <summary>What all long trainings came to.</summary>
/// <param name="Workloads">One after another.</param>
internal sealed record SoakReport(IReadOnlyList<WorkloadSoak> Workloads)
{
    /// <summary>Whether nothing grew in any.</summary>
    public bool IsFlat => Workloads.All(w => w.IsFlat);
}

/// <summary>One long training.</summary>
internal sealed record WorkloadSoak
{
    /// <summary>The workload.</summary>
    public required string Name { get; init; }

    /// <summary>Its updates.</summary>
    public required int Steps { get; init; }

    /// <summary>The samples of a batch.</summary>
    public required int Batch { get; init; }

    /// <summary>Memory of the process, bytes.</summary>
    public required SoakFigure ResidentBytes { get; init; }

    /// <summary>Tensors that were not released.</summary>
    public required SoakFigure LiveTensors { get; init; }

    /// <summary>Open files, pipes and sockets.</summary>
    public required SoakFigure OpenHandles { get; init; }

    /// <summary>Whether none of them grew.</summary>
    public bool IsFlat => ResidentBytes.IsFlat && LiveTensors.IsFlat && OpenHandles.IsFlat;
}

/// <summary>A figure over a long training.</summary>
/// <param name="Early">The mean of the second tenth of the samples: the first warms up.</param>
/// <param name="Late">The mean of the last tenth.</param>
/// <param name="Samples">All that was seen, about every hundredth of the updates.</param>
internal sealed record SoakFigure(double Early, double Late, IReadOnlyList<double> Samples)
{
    /// <summary>By what fraction a figure may have grown and count as flat.</summary>
    public const double Tolerance = 0.02;

    /// <summary>Whether it did not grow by more than <see cref="Tolerance"/>.</summary>
    public bool IsFlat => Late <= Early * (1 + Tolerance);

    /// <summary>Of what was seen, in order.</summary>
    /// <exception cref="DecantException">Fewer than ten samples have no tenths.</exception>
    public static SoakFigure Of(IReadOnlyList<double> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var tenth = samples.Count / 10;
        return tenth == 0
            ? throw new DecantException($"bench soak: {samples.Count} samples have no tenths to compare; make more steps.")
            : new SoakFigure(samples.Skip(tenth).Take(tenth).Average(), samples.TakeLast(tenth).Average(), samples);
    }
}
