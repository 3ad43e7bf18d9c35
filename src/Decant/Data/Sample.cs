namespace Decant.Data;

/// <summary>One example.</summary>
/// <param name="Id">The name that never changes; everything cached is keyed by it.</param>
/// <param name="Content">The text, image or vector.</param>
/// <param name="Label">The index of its class in <see cref="Dataset.Classes"/>; null where it is unlabelled.</param>
public sealed record Sample(SampleId Id, SampleContent Content, int? Label);
