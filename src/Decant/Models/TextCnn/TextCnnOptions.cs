using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Models.Configuration;

namespace Decant.Models.TextCnn;

/// <summary>The options of <c>kind: textcnn</c>; the defaults are Kim's (2014) but for the embeddings, which were 300 wide and given, and the dropout of a student.</summary>
public sealed record TextCnnOptions : NetworkOptions
{
    /// <summary>The width of a token's vector; 128.</summary>
    [Description("Embedding dimension.")]
    [Range(1, 8192)]
    public int Embedding { get; init; } = 128;

    /// <summary>The numbers of tokens that a filter sees at once; 3, 4, 5.</summary>
    [Description("Filter widths, in tokens.")]
    public IReadOnlyList<int> Widths { get; init; } = [3, 4, 5];

    /// <summary>How many filters there are of every width; 100.</summary>
    [Description("Number of filters per width.")]
    [Range(1, 8192)]
    public int Filters { get; init; } = 100;

    /// <summary>The probability of dropout before the logits, in training; null: 0 for a model that learns from a teacher, 0.5 for others.</summary>
    [Description("Dropout probability before the output layer; default: 0.5, and 0 for a model that learns from a teacher.")]
    [Range(0.0, 0.95)]
    public double? Dropout { get; init; }
}
