using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Models.Configuration;

namespace Decant.Models.LstmText;

/// <summary>How the states of all tokens become one vector.</summary>
public enum LstmPooling
{
    /// <summary>The state after the last token; with two directions, beside it the backward one after the first.</summary>
    Last,

    /// <summary>The mean over the tokens.</summary>
    Mean,

    /// <summary>The largest over the tokens, by element.</summary>
    Max,
}

/// <summary>The options of <c>kind: lstm</c>.</summary>
public sealed record LstmOptions : NetworkOptions
{
    /// <summary>The width of a token's vector; 128.</summary>
    [Description("Embedding dimension.")]
    [Range(1, 8192)]
    public int Embedding { get; init; } = 128;

    /// <summary>The width of the state of one direction; 128.</summary>
    [Description("Hidden size per direction.")]
    [Range(1, 8192)]
    public int Hidden { get; init; } = 128;

    /// <summary>How many layers; 1.</summary>
    [Description("Number of layers.")]
    [Range(1, 16)]
    public int Layers { get; init; } = 1;

    /// <summary>Read the text from both ends; true.</summary>
    [Description("Read the text in both directions.")]
    public bool Bidirectional { get; init; } = true;

    /// <summary>How the states become one vector; last.</summary>
    [Description("Pooling of the hidden states: last, mean or max.")]
    public LstmPooling Pooling { get; init; } = LstmPooling.Last;

    /// <summary>The probability of dropout on the embeddings, between the layers and before the logits, in training; 0.</summary>
    [Description("Dropout probability on the embeddings, between the layers and before the output layer.")]
    [Range(0.0, 0.95)]
    public double Dropout { get; init; }
}
