using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Models.Configuration;

namespace Decant.Models.Static;

/// <summary>The options of <c>kind: static</c>, a table of vectors whose mean is the text's; its rows are drawn. One whose rows a teacher gives is <c>from-teacher: { static: … }</c>.</summary>
public sealed record StaticOptions : ModelOptions
{
    /// <summary>D, the width of a row, and of an embedding; 256.</summary>
    [Description("Embedding dimension.")]
    [Range(1, 8192)]
    public int Dimensions { get; init; } = 256;

    /// <summary>The width of a layer between the mean and the head; null: none. Not for embeddings.</summary>
    [Description("Width of a hidden layer before the output layer; default: none.")]
    [Range(1, 8192)]
    public int? Hidden { get; init; }

    /// <summary>Whether vectors are divided by their length; null: in embeddings.</summary>
    [Description("Divide the mean by its length; default: in embeddings.")]
    public bool? Normalize { get; init; }

    /// <summary>The probability of dropout before the head, in training; null: 0 for a model that learns from a teacher, 0.1 for others.</summary>
    [Description("Dropout probability before the output layer; default: 0.1, and 0 for a model that learns from a teacher.")]
    [Range(0.0, 0.95)]
    public double? Dropout { get; init; }
}
