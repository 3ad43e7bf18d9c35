using Decant.Modules;
using Decant.Torch;

namespace Decant.Rollouts;

/// <summary>Who writes, and what of.</summary>
internal sealed record RolloutModels
{
    /// <summary>The student, an <see cref="ICausalModel"/>.</summary>
    public required Model Student { get; init; }

    /// <summary>The teacher where it can write; null: it cannot.</summary>
    public ICausalModel? Teacher { get; init; }

    /// <summary>The most tokens that a model is given.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>The tokens that end a text.</summary>
    public required IReadOnlyList<int> Stops { get; init; }

    /// <summary>V of the tokenizer.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>What fills shorter texts; 0.</summary>
    public int Pad { get; init; }

    /// <summary>What the draws begin from.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Whether the scores of written tokens are all that the objectives read of the teacher: those of texts that are learned from again are then kept.</summary>
    public bool ScoresSuffice { get; init; }

    /// <summary>Where the student is.</summary>
    public Device Device => Student.Device;
}
