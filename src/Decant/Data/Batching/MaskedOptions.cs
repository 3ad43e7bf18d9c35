using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Data.Batching;

/// <summary>How tokens are hidden for a masked language model.</summary>
/// <remarks>Source: Devlin et al. 2019, §3.1 and appendix A. Deviation: every token is chosen for itself, so that the share of a text varies.</remarks>
internal sealed record MaskedOptions
{
    /// <summary>The chance of a token to be chosen; default: 0.15. Of every text one is chosen at least.</summary>
    [Description("masking probability: the probability that a token is to be predicted (BERT: 0.15)")]
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double Probability { get; init; } = 0.15;

    /// <summary>The chance of a chosen token to become [MASK]; default: 0.8.</summary>
    [Description("fraction of these tokens that become the mask token")]
    [Range(0.0, 1.0)]
    public double Masked { get; init; } = 0.8;

    /// <summary>The chance of a chosen token to become any other; default: 0.1. The rest stays as it is.</summary>
    [Description("fraction of these tokens that become a random one; the rest stays")]
    [Range(0.0, 1.0)]
    public double Replaced { get; init; } = 0.1;

    /// <summary>Whether all tokens of a word are chosen together; default: false.</summary>
    [Description("whole-word masking: mask all tokens of a word together")]
    public bool WholeWords { get; init; }
}
