using System.Runtime.Serialization;

namespace Decant.Compression.Pruning;

/// <summary>Where the zeros of pruned weights may lie.</summary>
public enum SparsityPattern
{
    /// <summary>Anywhere.</summary>
    Unstructured,

    /// <summary>Two of every four weights that lie next to each other along the inputs of a matrix.</summary>
    [EnumMember(Value = "2:4")]
    TwoOfFour,
}
