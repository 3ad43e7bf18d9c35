using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Data.Splitting;

/// <summary>N-gram sampling: consecutive words of the texts, cut out at random, as more texts that a teacher answers for (Tang et al. 2019, arXiv:1903.12136, §3.2).</summary>
/// <remarks>Words are what stands between white space; each character of a script that is written without spaces is one.</remarks>
internal sealed record NgramOptions
{
    /// <summary>How many are cut out of each text; those that come twice, or are a text already, are left out. Default: 10.</summary>
    [Description("number of n-grams that are cut out of each text; those that are there already are left out")]
    [Range(1, 1000)]
    public int PerText { get; init; } = 10;

    /// <summary>The fewest words of one; default: 2.</summary>
    [Description("fewest words of an n-gram")]
    [Range(1, 1_000_000)]
    public int Shortest { get; init; } = 2;

    /// <summary>The most words of one; default: 12.</summary>
    [Description("most words of an n-gram")]
    [Range(1, 1_000_000)]
    public int Longest { get; init; } = 12;
}
