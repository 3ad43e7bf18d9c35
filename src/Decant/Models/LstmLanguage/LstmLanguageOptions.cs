using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Models.Configuration;

namespace Decant.Models.LstmLanguage;

/// <summary>
/// The options of <c>kind: lstm-lm</c>. The sizes' defaults are those of Zaremba's (2014) medium network; the kinds of dropout are Merity's (2018):
/// <c>dropoute</c>, <c>dropouti</c>, <c>dropouth</c>, <c>dropout</c> and <c>wdrop</c> there.
/// </summary>
public sealed record LstmLanguageOptions : ModelOptions
{
    /// <summary>The width of a token's vector; null: as <see cref="Hidden"/>.</summary>
    [Description("Embedding dimension; default: hidden.")]
    [Range(1, 16384)]
    public int? Embedding { get; init; }

    /// <summary>The width of the state of every layer; 650.</summary>
    [Description("Hidden size of each layer.")]
    [Range(1, 16384)]
    public int Hidden { get; init; } = 650;

    /// <summary>How many layers; 2.</summary>
    [Description("Number of layers.")]
    [Range(1, 16)]
    public int Layers { get; init; } = 2;

    /// <summary>Use the embedding as the head's matrix too; true.</summary>
    [Description("Tie the output weights to the token embedding.")]
    public bool Tied { get; init; } = true;

    /// <summary>The probability that a token's whole vector is dropped, in training; 0.</summary>
    [Description("Probability that the whole embedding of a token is dropped.")]
    [Range(0.0, 0.95)]
    public double EmbeddingDropout { get; init; }

    /// <summary>The probability of dropout on the vectors of tokens, in training; 0.</summary>
    [Description("Dropout probability on the embeddings.")]
    [Range(0.0, 0.95)]
    public double InputDropout { get; init; }

    /// <summary>The probability of dropout between the layers, in training; 0.</summary>
    [Description("Dropout probability between the layers.")]
    [Range(0.0, 0.95)]
    public double HiddenDropout { get; init; }

    /// <summary>The probability of dropout on the last layer's states, in training; 0.</summary>
    [Description("Dropout probability on the output of the last layer.")]
    [Range(0.0, 0.95)]
    public double OutputDropout { get; init; }

    /// <summary>The probability that a weight from state to state is dropped, in training; 0.</summary>
    [Description("Dropout probability of the recurrent weights (weight drop).")]
    [Range(0.0, 0.95)]
    public double WeightDropout { get; init; }

    /// <summary>Drop the same elements at every step, on inputs, outputs and between layers (Gal 2016); false: new ones at every step (Zaremba 2014). True.</summary>
    [Description("Use the same dropout mask at every time step (Gal 2016) instead of new ones (Zaremba 2014).")]
    public bool LockedDropout { get; init; } = true;
}
