using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Data.Duplicates;

/// <summary>What shingles are made of.</summary>
public enum ShingleUnit
{
    /// <summary>Words; in scripts without spaces between words, such as Chinese, characters.</summary>
    Words,

    /// <summary>Characters, with one space between words.</summary>
    Characters,
}

/// <summary>From when on two texts count as the same, nearly the same, or as sharing a passage.</summary>
/// <remarks>
/// Texts are compared after NFKC, in lower case, without punctuation and white space. A shingle is a run of <see cref="ShingleSize"/> neighbouring words; the similarity of two texts is the Jaccard similarity
/// |A ∩ B| ÷ |A ∪ B| of their sets of shingles. A text shorter than a shingle is one shingle.
/// </remarks>
public sealed record OverlapOptions
{
    /// <summary>The similarity from which on two texts are near duplicates, 0.5 to 1; default: 0.8. At 0.8, pairs of words and 20 words, that is one word replaced.</summary>
    [Description("Jaccard similarity of shingles from which on two texts are near duplicates")]
    [Range(0.5, 1.0)]
    public double Near { get; init; } = 0.8;

    /// <summary>The length of a passage, in words, or characters of scripts without spaces, that two texts may not share; 0: passages are not compared. Default: 13.</summary>
    [Description("length of a shared passage in words (Chinese: characters); 0: not compared")]
    [Range(0, 1000)]
    public int Ngram { get; init; } = 13;

    /// <summary>What shingles are made of; default: words.</summary>
    [Description("what shingles are made of: words or characters")]
    public ShingleUnit Shingle { get; init; } = ShingleUnit.Words;

    /// <summary>How many words or characters a shingle has; default: 2.</summary>
    [Description("words or characters of a shingle")]
    [Range(1, 20)]
    public int ShingleSize { get; init; } = 2;

    /// <summary>How many hash functions a signature has, a byte each; the estimate's standard error is at most 1 ÷ (2·√hashes). Default: 128.</summary>
    [Description("hash functions of a signature")]
    [Range(32, 1024)]
    public int Hashes { get; init; } = 128;

    /// <summary>The seed of the hash functions; default: 0.</summary>
    [Description("random seed of the hash functions")]
    public long Seed { get; init; }
}
