using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Teachers.Remote.Preferring;

namespace Decant.Runs.Recipes.Schema;

/// <summary>The models of a run continue prompts of the test split, and what they write is measured against what stands there.</summary>
internal sealed record GenerationSection
{
    /// <summary>Prompts, drawn from the test split with <see cref="Seed"/>; null: 200, or all where there are fewer.</summary>
    [Description("number of test prompts, drawn at random with seed; default: 200, or all where there are fewer")]
    [Range(1, 1_000_000)]
    public int? Samples { get; init; }

    /// <summary>Of running text: the tokens from the beginning of a document that are its prompt; null: 32.</summary>
    [Description("of running text: the first tokens of a test document that are its prompt, the next max-new-tokens being the reference; default: 32")]
    [Range(1, 1_000_000)]
    public int? PromptTokens { get; init; }

    /// <summary>The most new tokens of a text; default: 128.</summary>
    [Description("maximum number of new tokens per text")]
    [Range(1, 100_000)]
    public int MaxNewTokens { get; init; } = 128;

    /// <summary>The sampling temperature; 0, the default: greedy decoding.</summary>
    [Description("sampling temperature of the texts; 0: greedy decoding")]
    [Range(0.0, 1000.0)]
    public double SamplingTemperature { get; init; }

    /// <summary>The seed of the sampling and of the choice of prompts; default: 1.</summary>
    [Description("random seed of the sampling and of the choice of prompts")]
    [Range(0L, long.MaxValue)]
    public long Seed { get; init; } = 1;

    /// <summary>A chat model that says which of two models' texts is better; null, the default: none does.</summary>
    [Description("a chat model behind an API that says which of two texts is better: the student's or the control's, the student's or the teacher's; default: none")]
    public PairJudgeSection? Judge { get; init; }
}

/// <summary>A chat model that prefers one of two texts.</summary>
internal sealed record PairJudgeSection : ChatReach
{
    /// <summary>What it is asked.</summary>
    [Description("what the judge is asked")]
    public PairJudgeOptions Ask { get; init; } = new();
}
