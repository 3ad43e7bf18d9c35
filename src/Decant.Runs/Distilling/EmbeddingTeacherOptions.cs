namespace Decant.Runs.Distilling;

/// <summary>How a model behind an API teaches an embedding; see <see cref="ModelSource.Of(Microsoft.Extensions.AI.IEmbeddingGenerator{string, Microsoft.Extensions.AI.Embedding{float}}, EmbeddingTeacherOptions)"/>.</summary>
public sealed record EmbeddingTeacherOptions
{
    /// <summary>What identifies the model, its version included: vectors of another are asked for anew.</summary>
    public required string Model { get; init; }

    /// <summary>A folder of stores in which every vector is kept; nothing that is there is asked for again.</summary>
    public required string Answers { get; init; }

    /// <summary>The terms or licence under which the vectors may train a model; they go into the model card.</summary>
    public required string Terms { get; init; }

    /// <summary>D, where the model can shorten its vectors; null, the default: as long as it makes them.</summary>
    public int? Dimensions { get; init; }

    /// <summary>How many texts go into one request; default: 64.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>How many requests are out at the same time; default: 8.</summary>
    public int Concurrency { get; init; } = 8;
}
