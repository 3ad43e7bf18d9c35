using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Objectives.Features;

/// <summary>Which layers of the student are compared with which of the teacher; one of three ways to say it.</summary>
/// <remarks>Layers are numbered from 1, from the input up; 0 are the embeddings.</remarks>
public abstract record LayerMapOptions : FeatureOptions, IValidatableObject
{
    /// <summary>A map by name; null: the objective's own.</summary>
    [Description("layer map: which layers are compared")]
    public LayerMapping? Layers { get; init; }

    /// <summary>The teacher's layer for every layer of the student, from the first; default: empty.</summary>
    [Description("the teacher's layer for each of the student's layers, first to last")]
    public IReadOnlyList<int> TeacherLayers { get; init; } = [];

    /// <summary>Layers or modules one by one; default: empty.</summary>
    [Description("pairs of layers or modules to compare")]
    public IReadOnlyList<LayerPair> Pairs { get; init; } = [];

    /// <inheritdoc/>
    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if ((Layers is null ? 0 : 1) + (TeacherLayers.Count > 0 ? 1 : 0) + (Pairs.Count > 0 ? 1 : 0) > 1)
            yield return new("give one of 'layers', 'teacher-layers' and 'pairs': each says which layers are compared", [nameof(Layers)]);
    }
}

/// <summary>Maps of layers that have a name. The student has M layers, the teacher N.</summary>
public enum LayerMapping
{
    /// <summary>Layer m of the student with the teacher's m·N ÷ M, rounded to the nearest, halves up, at least 1.</summary>
    Uniform,

    /// <summary>The last with the last.</summary>
    Last,

    /// <summary>The first with the first and the last with the last.</summary>
    FirstAndLast,

    /// <summary>Every layer of the student with a mixture of all of the teacher's, with learned shares.</summary>
    Learned,
}

/// <summary>A layer or module of the student and the one of the teacher that it is compared with.</summary>
public sealed record LayerPair
{
    /// <summary>The student's: the number of a layer, 0 for the embeddings, or the path of a module.</summary>
    [Description("of the student: the number of a layer (0: the embeddings) or a module path")]
    public required string Student { get; init; }

    /// <summary>The teacher's: the number of a layer, 0 for the embeddings, or the path of a module.</summary>
    [Description("of the teacher: the number of a layer (0: the embeddings) or a module path")]
    public required string Teacher { get; init; }
}
