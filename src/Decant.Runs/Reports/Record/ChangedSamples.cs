namespace Decant.Runs.Reports.Record;

/// <summary>Test samples with a changed answer: a few of each, for people to look at.</summary>
internal sealed record SamplesChanged : RunEvent
{
    /// <summary>The teacher is right and the student wrong.</summary>
    public IReadOnlyList<ChangedSample> Lost { get; init; } = [];

    /// <summary>The student is right and the teacher wrong.</summary>
    public IReadOnlyList<ChangedSample> Won { get; init; } = [];

    /// <summary>How many were lost in all; <see cref="Lost"/> may hold fewer.</summary>
    public int LostCount { get; init; }

    /// <summary>How many were won in all.</summary>
    public int WonCount { get; init; }
}

/// <summary>One sample with its label and what each arm answered.</summary>
internal sealed record ChangedSample
{
    /// <summary>Its text; null for images.</summary>
    public string? Text { get; init; }

    /// <summary>A small picture of it; null for text.</summary>
    public Thumbnail? Image { get; init; }

    /// <summary>The true class.</summary>
    public required int Label { get; init; }

    /// <summary>The teacher's answer; null when there is none.</summary>
    public int? Teacher { get; init; }

    /// <summary>The student's answer.</summary>
    public int? Student { get; init; }

    /// <summary>The control's answer.</summary>
    public int? Control { get; init; }
}

/// <summary>A small picture.</summary>
/// <param name="Channels">1 (grey) or 3 (red, green, blue).</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Pixels">Channels × Height × Width bytes, channel by channel, row by row.</param>
internal sealed record Thumbnail(int Channels, int Height, int Width, byte[] Pixels);
