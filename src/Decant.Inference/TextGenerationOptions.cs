namespace Decant.Inference;

/// <summary>How a text is continued.</summary>
public sealed record TextGenerationOptions
{
    /// <summary>The most tokens of a continuation, 1 or more; default: 128.</summary>
    public int MaxNewTokens { get; init; } = 128;

    /// <summary>Sampling temperature, 0 or more: logits are divided by it before a token is drawn; below 1, probable tokens become more probable. 0, the default: greedy, the most probable token.</summary>
    public double Temperature { get; init; }

    /// <summary>Draw among the k most probable tokens, and those as probable as the last of them; null, the default: among all.</summary>
    public int? TopK { get; init; }

    /// <summary>Draw among the fewest most probable tokens with probabilities that, after <see cref="TopK"/>, sum to this (nucleus sampling), above 0 and up to 1; default: 1, among all.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Positive logits of tokens that are in the text already, prompt included, are divided by it, and negative ones multiplied; above 0; default: 1, off.</summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Random seed: the same seed, prompt and options give the same text on the same machine. Its texts are others than those of <c>decant generate</c> with that seed. Default: 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>Texts that end the continuation, none of them empty; it ends before the first that comes. Default: none, so that the model's own token or the length ends it.</summary>
    public IReadOnlyList<string> StopTexts { get; init; } = [];

    /// <summary>Of how many of the most probable tokens the log probabilities are noted beside that of the chosen one, before temperature and penalty; null: none are computed.</summary>
    internal int? TopLogprobs { get; init; }

    internal TokenSampling Sampling => new(Temperature, TopK, TopP, RepetitionPenalty);

    /// <exception cref="DecantException">An option is out of its range.</exception>
    internal static TextGenerationOptions Checked(TextGenerationOptions? options)
    {
        options ??= new();
        Require(options.MaxNewTokens >= 1, nameof(MaxNewTokens), "1 or more", options.MaxNewTokens);
        Require(options.Temperature is >= 0 and <= 1000, nameof(Temperature), "0 to 1000", options.Temperature);
        Require(options.TopK is null or >= 1, nameof(TopK), "1 or more, or null", options.TopK);
        Require(options.TopP is > 0 and <= 1, nameof(TopP), "a number above 0 and up to 1", options.TopP);
        Require(options.RepetitionPenalty is >= 0.01 and <= 100, nameof(RepetitionPenalty), "0.01 to 100", options.RepetitionPenalty);
        Require(options.StopTexts is not null && options.StopTexts.All(stop => !string.IsNullOrEmpty(stop)), nameof(StopTexts), "texts that are not empty", options.StopTexts is null ? "null" : "an empty one");
        return options;
    }

    private static void Require(bool isFine, string name, string expected, object? came)
    {
        if (!isFine)
            throw new DecantException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"TextGenerationOptions: expected {name} of {expected}, came {came}."));
    }
}
