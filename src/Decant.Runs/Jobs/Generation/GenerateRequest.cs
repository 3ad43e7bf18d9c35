using Decant.Models.Generation;

namespace Decant.Runs.Jobs.Generation;

/// <summary>What is to be continued, and how; see <see cref="GenerationOptions"/> for what the numbers mean.</summary>
public sealed record GenerateRequest
{
    /// <summary>The texts; one continuation of each, or <see cref="Count"/>.</summary>
    public required IReadOnlyList<string> Prompts { get; init; }

    /// <summary>Whether each prompt is a user's message, to which the assistant replies by the model's chat template; default: no, texts are continued.</summary>
    public bool IsChat { get; init; }

    /// <summary>Continuations of every prompt; 1.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The most tokens of a continuation; 128.</summary>
    public int MaxNewTokens { get; init; } = 128;

    /// <summary>Sampling temperature: logits are divided by it before a token is drawn; 0: greedy, the most probable token. Default: 0.</summary>
    public double SamplingTemperature { get; init; }

    /// <summary>Top-k sampling: draw among the k most probable tokens; null: among all.</summary>
    public int? TopK { get; init; }

    /// <summary>Nucleus (top-p) sampling: draw among the most probable tokens that together have this probability; 1: among all.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Repetition penalty: tokens that are in the text already become less probable by this factor of their logits; 1: off.</summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Where what is drawn comes from; 0.</summary>
    public long Seed { get; init; }

    /// <summary>Words that end a text and are not part of it.</summary>
    public IReadOnlyList<string> Stops { get; init; } = [];

    internal GenerationOptions Sampling(IReadOnlyList<int> stopTokens) => new()
    {
        MaxNewTokens = MaxNewTokens,
        SamplingTemperature = SamplingTemperature,
        TopK = TopK,
        TopP = TopP,
        RepetitionPenalty = RepetitionPenalty,
        Seed = unchecked((ulong)Seed),
        StopTokens = stopTokens,
    };
}

/// <summary>A continuation of a prompt.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Text">What follows, without what ended it.</param>
/// <param name="Tokens">The ids that were generated; with a stop they reach beyond the text.</param>
/// <param name="End">Why it ended: <c>max-tokens</c>, <c>max-positions</c>, <c>stop-token</c> or <c>stop-text</c>.</param>
public sealed record Continuation(string Prompt, string Text, IReadOnlyList<int> Tokens, string End);
