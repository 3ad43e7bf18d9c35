using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Models.FromTeacher;

/// <summary>A static student: a table with a row for every token, which is the teacher's vector of that token alone, turned and cut by PCA and weighted (Model2Vec).</summary>
public sealed record StaticOfTeacher
{
    /// <summary>D, the width of a row: that many principal components of the teacher's vectors of all tokens. 256; at most the width of those.</summary>
    [Description("embedding dimension: the first principal components of the teacher's token vectors")]
    [Range(1, 8192)]
    public int Dimensions { get; init; } = 256;

    /// <summary>How much frequent tokens count; <see cref="TokenWeighting.Zipf"/>.</summary>
    [Description("weights of the rows: by rank in the vocabulary (zipf), by frequency in the texts of the transfer set (sif), or none")]
    public TokenWeighting Weighting { get; init; } = TokenWeighting.Zipf;

    /// <summary>a, the frequency at which a token counts half; 1e-4. The smaller, the less frequent tokens count.</summary>
    [Description("frequency at which a token has half the weight of a rare one (a of a/(a + p))")]
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Coefficient { get; init; } = 1e-4;

    /// <summary>The width of a layer between the mean and the head; null: none. Not for embeddings.</summary>
    [Description("width of a hidden layer before the output layer; default: none")]
    [Range(1, 8192)]
    public int? Hidden { get; init; }

    /// <summary>Whether vectors are divided by their length; null: in embeddings.</summary>
    [Description("divide the mean by its length; default: in embeddings")]
    public bool? Normalize { get; init; }
}
