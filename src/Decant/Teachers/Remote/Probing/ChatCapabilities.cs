namespace Decant.Teachers.Remote.Probing;

/// <summary>What a server was found to do.</summary>
public sealed record ChatCapabilities
{
    /// <summary>The model's name, as the server says it in its answers; null: it says none.</summary>
    public string? Model { get; init; }

    /// <summary>How many of the most probable tokens it gives for each generated token, of 20 that were asked for, or of what it allows; 0: none.</summary>
    public int TopLogprobs { get; init; }

    /// <summary>Whether it gives the probability of each generated token.</summary>
    public bool GeneratedLogprobs { get; init; }

    /// <summary>Whether it gives probabilities of the prompt's tokens, by <c>prompt_logprobs</c> or by <c>echo</c>.</summary>
    public bool PromptLogprobs { get; init; }

    /// <summary>Whether the same seed gives the same sample, and others another; null: all samples were the same, so it cannot be told.</summary>
    public bool? Seed { get; init; }

    /// <summary>Whether it answers with JSON where that is asked for.</summary>
    public bool JsonMode { get; init; }

    /// <summary>Whether it keeps to a schema.</summary>
    public bool JsonSchema { get; init; }

    /// <summary>Whether it gives several choices for one prompt.</summary>
    public bool SeveralChoices { get; init; }

    /// <summary>Whether several choices, sampled at temperature 1, were the same text.</summary>
    public bool DuplicatedChoices { get; init; }

    /// <summary>Whether it counts tokens.</summary>
    public bool Usage { get; init; }

    /// <summary>Requests that the probe sent.</summary>
    public int Requests { get; init; }

    /// <summary>Tokens of its prompts, as far as the server counts them.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens of the answers.</summary>
    public long OutputTokens { get; init; }

    /// <summary>What was refused and how, a sentence each.</summary>
    public IReadOnlyList<string> Refusals { get; init; } = [];
}
