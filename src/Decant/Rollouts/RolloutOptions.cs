using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Models.Generation;

namespace Decant.Rollouts;

/// <summary>Who writes the texts that a language model learns from while it is trained, and how.</summary>
internal sealed record RolloutOptions
{
    /// <summary>
    /// λ: the share of the batches whose texts the student writes itself, which may change over the training; 1. Agarwal et al. 2024 (GKD), arXiv:2306.13649. Where nobody writes, the student's
    /// texts are looked at in validations alone.
    /// </summary>
    [Description("share of the batches whose text the student writes (λ), from 0 to 1; may change over the training; 0 for both student and teacher: texts are only looked at in validations")]
    public ScalarSchedule Student { get; init; } = 1;

    /// <summary>The share of the batches whose texts the teacher writes; 0. The rest is from the data.</summary>
    [Description("share of the batches whose text the teacher writes, from 0 to 1; the rest is from the data")]
    public ScalarSchedule Teacher { get; init; } = 0;

    /// <summary>How many tokens of running text are the prompt; null: the data has prompts.</summary>
    [Description("running text: number of tokens that are the prompt; absent: the data has prompts")]
    [Range(1, 1_000_000)]
    public int? PromptTokens { get; init; }

    /// <summary>The most tokens that are written after a prompt, as far as 'input.max-tokens' leaves room; 128.</summary>
    [Description("maximum number of tokens that are written after a prompt, as far as input.max-tokens leaves room")]
    [Range(1, 1_000_000)]
    public int MaxNewTokens { get; init; } = 128;

    /// <summary>Sampling temperature; 0: the most probable token. Not the temperature of a loss. 1.</summary>
    [Description("sampling temperature; 0: greedy decoding; not the temperature of a loss")]
    [Range(0.0, 1000.0)]
    public double SamplingTemperature { get; init; } = 1;

    /// <summary>Top-k sampling; null: among all tokens.</summary>
    [Description("sample among this number of most probable tokens; absent: among all")]
    [Range(1, 1_000_000)]
    public int? TopK { get; init; }

    /// <summary>Nucleus sampling; 1: among all tokens.</summary>
    [Description("nucleus sampling: sample among the most probable tokens whose probabilities sum to this")]
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double TopP { get; init; } = 1;

    /// <summary>
    /// α: where the student writes, each token is drawn from α·teacher + (1 − α)·student (Gu et al. 2024, MiniLLM, arXiv:2306.08543, §2.2); 0. Importance weights of the objective
    /// <c>on-policy</c> correct for it.
    /// </summary>
    [Description("teacher-mixed sampling: weight of the teacher in the distribution that the student's tokens are drawn from")]
    [Range(0.0, 0.999)]
    public double TeacherMix { get; init; }

    /// <summary>Earlier texts of the student that are learned from again; null: none.</summary>
    [Description("replay of the student's recent texts; absent: each is learned from once")]
    public ReplayOptions? Replay { get; init; }

    internal GenerationOptions Generation(IReadOnlyList<int> stops) => new()
    {
        MaxNewTokens = MaxNewTokens,
        SamplingTemperature = SamplingTemperature,
        TopK = TopK,
        TopP = TopP,
        StopTokens = stops,
    };

    /// <summary>Refuses shares that are none.</summary>
    internal string? Fault()
    {
        if (Student.Largest > 1 || Teacher.Largest > 1)
            return $"the shares of the student ({Student}) and of the teacher ({Teacher}) are from 0 to 1";
        if (Math.Max(Student.At(0) + Teacher.At(0), Student.At(1) + Teacher.At(1)) > 1 + 1e-9)
            return $"the shares of the student ({Student}) and of the teacher ({Teacher}) are more than 1 together; the rest is from the data";
        if (Student.Largest == 0 && (Replay is not null || TeacherMix > 0))
            return "'replay' and 'teacher-mix' are about texts of the student, which writes none: give 'student' a share";
        return SamplingTemperature == 0 && TeacherMix > 0 ? "'teacher-mix' is about tokens that are drawn, and at 'sampling-temperature: 0' none is: give it a temperature" : null;
    }
}

/// <summary>Earlier texts of the student that are learned from again.</summary>
internal sealed record ReplayOptions
{
    /// <summary>The share of the student's batches that are earlier ones; 0.5.</summary>
    [Description("share of the student's batches that are earlier ones")]
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double Share { get; init; } = 0.5;

    /// <summary>How many batches are kept, the latest; 32.</summary>
    [Description("number of batches that are kept, the latest ones")]
    [Range(1, 100_000)]
    public int Batches { get; init; } = 32;
}
