namespace Decant.Runs.Reports.Record;

/// <summary>The data, once it is read and split.</summary>
internal sealed record DataDescribed : RunEvent
{
    /// <summary>Where it comes from, in words.</summary>
    public required string Source { get; init; }

    /// <summary>Its task, such as <c>classification</c>; null: what <see cref="RunStarted.Task"/> says.</summary>
    public string? Task { get; init; }

    /// <summary>The classes' names, by index.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>How many samples each split has: <c>train</c>, <c>validation</c>, <c>test</c> ….</summary>
    public IReadOnlyDictionary<string, long> Splits { get; init; } = new Dictionary<string, long>();

    /// <summary>How many labels the student's team has; null when it has all.</summary>
    public long? StudentLabels { get; init; }

    /// <summary>How many exact duplicates were removed before the split.</summary>
    public long DuplicatesRemoved { get; init; }
}

/// <summary>A model, once it is built.</summary>
internal sealed record ModelDescribed : RunEvent
{
    /// <summary>The arm it belongs to: teacher, student or control.</summary>
    public required string Role { get; init; }

    /// <summary>Its kind in the recipe, such as <c>textcnn</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The arm that its weights were taken from before it was trained; null: they were drawn, or loaded.</summary>
    public string? StartsFrom { get; init; }

    /// <summary>Its architecture in a few words, such as <c>encoder, 4 layers of 256</c>.</summary>
    public string Summary { get; init; } = "";

    /// <summary>How many parameters it has; 0 where they are unknown.</summary>
    public long Parameters { get; init; }

    /// <summary>Whether it answers behind an API, so that its size and speed are not known.</summary>
    public bool IsRemote { get; init; }

    /// <summary>How many of these all tasks have in common; null where there is one task.</summary>
    public long? Shared { get; init; }

    /// <summary>The size of its weights, bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Floating-point operations for one sample; null when unknown.</summary>
    public long? Flops { get; init; }
}
