namespace Decant.Runs.Jobs.Inspecting;

/// <summary>What a model is made of, tried with one sample.</summary>
internal sealed record ModelInspection
{
    /// <summary>The model's folder, or its part in a recipe.</summary>
    public required string Name { get; init; }

    /// <summary>The network in a few words.</summary>
    public required string Summary { get; init; }

    /// <summary>The shape of the sample that was tried, a batch of one: [1, T], [1, C, H, W] or [1, D].</summary>
    public required IReadOnlyList<long> Input { get; init; }

    /// <summary>The shape of the answer to it.</summary>
    public required IReadOnlyList<long> Output { get; init; }

    /// <summary>How many numbers are trained.</summary>
    public required long Parameters { get; init; }

    /// <summary>Floating-point operations of one forward pass of the sample, a multiplication and an addition being two.</summary>
    public required long Flops { get; init; }

    /// <summary>How many layers layer maps count, embeddings not among them; 0 where a model is not made of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Everything that has a path, or the requested path and what is below it.</summary>
    public required IReadOnlyList<InspectedModule> Modules { get; init; }
}

/// <summary>A module, or a part of what one works out.</summary>
internal sealed record InspectedModule
{
    /// <summary>Its path, as objectives of features take it.</summary>
    public required string Path { get; init; }

    /// <summary>What kind of module it is, such as <c>Linear</c>; of a part, <c>part</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The shape of what it answers with; null where nothing came: it is a group, or holds weights for others.</summary>
    public IReadOnlyList<long>? Shape { get; init; }

    /// <summary>How many trained numbers it and all below have; weights that several share count in each.</summary>
    public long Parameters { get; init; }

    /// <summary>Floating-point operations of it and all below.</summary>
    public long Flops { get; init; }

    /// <summary>Which layer it is, as layer maps count: 0 the embeddings, 1 the first; null: none.</summary>
    public int? Layer { get; init; }

    /// <summary>The layer below whose weights this layer has, by its path; null: it has its own, or is no layer.</summary>
    public string? WeightsOf { get; init; }

    /// <summary>Whether it is a part of what the module before it works out, not a module.</summary>
    public bool IsPart => Kind == PartKind;

    /// <summary>The kind of a part.</summary>
    internal const string PartKind = "part";
}

/// <summary>How a model is looked at.</summary>
internal sealed record ModelInspectionRequest
{
    /// <summary>How many tokens the text has that is tried; 16.</summary>
    public int Tokens { get; init; } = 16;

    /// <summary>Only this path and what is below; null: everything.</summary>
    public string? Path { get; init; }
}
