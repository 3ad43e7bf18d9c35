using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Objectives.Relations;

/// <summary>What the objectives that compare cosines between samples have in common.</summary>
public abstract record SimilarityOptions : RelationOptions, IValidatableObject
{
    /// <summary>
    /// Matryoshka representations: how many of its first dimensions the student's vector is cut to, each length compared by itself beside the whole vector, so that a vector may be cut where it is
    /// stored; default: empty, the whole vector alone.
    /// </summary>
    [Description("Matryoshka: numbers of first dimensions of the student's vector that are compared too, each by itself, such as [128, 64]")]
    public IReadOnlyList<int> Matryoshka { get; init; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Matryoshka.Any(d => d < 1) || Matryoshka.Distinct().Count() != Matryoshka.Count)
            yield return new($"matryoshka is [{string.Join(", ", Matryoshka)}]; expected different numbers of dimensions, each 1 or more", [nameof(Matryoshka)]);
    }
}
