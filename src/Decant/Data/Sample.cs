using Decant.Data.Labels;

namespace Decant.Data;

/// <summary>One example.</summary>
/// <param name="Id">The name that never changes; everything cached is keyed by it.</param>
/// <param name="Content">The text, image, vector, words or tokens.</param>
/// <param name="Label">The index of its class in <see cref="Dataset.Classes"/>; null where it is unlabelled, or its label is no class.</param>
/// <param name="Annotation">The label that is no class; null where it is unlabelled, or its label is a class.</param>
public sealed record Sample(SampleId Id, SampleContent Content, int? Label, Annotation? Annotation = null)
{
    /// <summary>How often the sample came before in this epoch; 0 unless samples are drawn several times. With the seed, the epoch and the id, what its variation depends on.</summary>
    public int Repeat { get; init; }
}
