using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Models.Configuration;

/// <summary>What the options of networks have in common whose last linear layer answers with classes, with numbers, or with a vector.</summary>
public abstract record NetworkOptions : ModelOptions
{
    /// <summary>D, how many numbers an embedding has; null: as many as the teacher's. Not in other tasks.</summary>
    [Description("Embedding dimension, for task embedding; default: the teacher's.")]
    [Range(1, 65536)]
    public int? Dimensions { get; init; }
}
