using System.ComponentModel.DataAnnotations;

namespace Decant.Models.Generation;

/// <summary>How the tokens of a continuation are chosen.</summary>
public sealed record GenerationOptions
{
    /// <summary>The most tokens of a continuation; 128.</summary>
    [Range(1, 10_000_000)]
    public int MaxNewTokens { get; init; } = 128;

    /// <summary>
    /// What logits are divided by before a token is drawn: below 1 likely tokens become likelier. 0 draws nothing and takes the likeliest. It has nothing to do with the
    /// temperature of a loss; 0.
    /// </summary>
    [Range(0.0, 1000.0)]
    public double SamplingTemperature { get; init; }

    /// <summary>Draw among the so many likeliest tokens, and those as likely as the last of them; null: among all.</summary>
    [Range(1, int.MaxValue)]
    public int? TopK { get; init; }

    /// <summary>Draw among the fewest likeliest tokens whose probabilities, after <see cref="TopK"/>, reach this (nucleus, Holtzman 2020); 1: among all.</summary>
    [Range(double.Epsilon, 1.0)]
    public double TopP { get; init; } = 1;

    /// <summary>
    /// What positive logits of tokens that stand in the text already, prompt included, are divided by, and negative ones multiplied with (Keskar 2019); 1: nothing.
    /// </summary>
    [Range(0.01, 100.0)]
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Where what is drawn comes from: row i of a batch draws from this seed and i, whatever the other rows are. 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>Tokens that end a text; they are not part of it.</summary>
    public IReadOnlyList<int> StopTokens { get; init; } = [];
}

/// <summary>Why a continuation ended.</summary>
public enum GenerationEnd
{
    /// <summary>It has as many tokens as were asked for.</summary>
    MaxNewTokens,

    /// <summary>The text is as long as the model can read.</summary>
    MaxTokens,

    /// <summary>The model said a token that ends texts.</summary>
    StopToken,

    /// <summary>The text came to words that end it.</summary>
    StopText,
}
