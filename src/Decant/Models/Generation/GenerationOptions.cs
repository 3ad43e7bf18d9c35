using System.ComponentModel.DataAnnotations;

namespace Decant.Models.Generation;

/// <summary>How the tokens of a continuation are chosen.</summary>
public sealed record GenerationOptions
{
    /// <summary>The most tokens of a continuation; 128.</summary>
    [Range(1, 10_000_000)]
    public int MaxNewTokens { get; init; } = 128;

    /// <summary>
    /// Sampling temperature: logits are divided by it before a token is drawn; below 1, probable tokens become more probable. 0: greedy, the most probable token. Not the
    /// temperature of a loss. Default: 0.
    /// </summary>
    [Range(0.0, 1000.0)]
    public double SamplingTemperature { get; init; }

    /// <summary>Top-k: draw among the k most probable tokens, and those as probable as the last of them; null: among all.</summary>
    [Range(1, int.MaxValue)]
    public int? TopK { get; init; }

    /// <summary>Top-p: draw among the fewest most probable tokens with probabilities that, after <see cref="TopK"/>, sum to this (nucleus, Holtzman 2020); 1: among all.</summary>
    [Range(double.Epsilon, 1.0)]
    public double TopP { get; init; } = 1;

    /// <summary>
    /// Repetition penalty: positive logits of tokens that are in the text already, prompt included, are divided by it, and negative ones multiplied by it (Keskar 2019); 1: off.
    /// </summary>
    [Range(0.01, 100.0)]
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Random seed: row i of a batch draws from this seed and i, independent of the other rows. Default: 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>Tokens that end a text; they are not part of it.</summary>
    public IReadOnlyList<int> StopTokens { get; init; } = [];

    internal TokenSampling Sampling => new(SamplingTemperature, TopK, TopP, RepetitionPenalty);
}

/// <summary>Why a continuation ended.</summary>
internal enum GenerationEnd
{
    /// <summary>It has the requested number of tokens.</summary>
    MaxNewTokens,

    /// <summary>The text is as long as the model can read.</summary>
    MaxTokens,

    /// <summary>The model said a token that ends texts.</summary>
    StopToken,

    /// <summary>The text came to words that end it.</summary>
    StopText,
}
