using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Inference.Cascades;

namespace Decant.Runs.Recipes.Schema;

/// <summary>Whether a model may be measured on text that its teacher wrote.</summary>
public enum TestByTeacher
{
    /// <summary>Such a test split is refused.</summary>
    Refused,

    /// <summary>It is measured on, and every sentence about it says so.</summary>
    Allowed,
}

/// <summary>How the result is measured.</summary>
public sealed record EvaluateOptions
{
    /// <summary>Samples in a batch; default: 256. It changes the speed alone.</summary>
    [Description("batch size of the evaluation, in samples; it changes the speed only")]
    [Range(1, 1_000_000)]
    public int Batch { get; init; } = 256;

    /// <summary>How often the test samples are drawn again for an interval; default: 2000.</summary>
    [Description("number of bootstrap resamples of the test samples per interval")]
    [Range(100, 1_000_000)]
    public int Bootstrap { get; init; } = 2000;

    /// <summary>The confidence level of the intervals; default: 0.95.</summary>
    [Description("confidence level of the intervals")]
    [Range(0.5, 1.0, MaximumIsExclusive = true)]
    public double ConfidenceLevel { get; init; } = 0.95;

    /// <summary>Timed calls of each model, at most; default: 1000, 0 leaves the latency out.</summary>
    [Description("maximum number of timed calls per model; 0: latency is not measured")]
    [Range(0, 1_000_000)]
    public int LatencyRuns { get; init; } = 1000;

    /// <summary>Texts that each language model continues, for the report; null: none.</summary>
    [Description("prompts that each language model continues, for the report")]
    public IReadOnlyList<string>? Prompts { get; init; }

    /// <summary>The tokens of a continuation, at most; null: 60.</summary>
    [Description("maximum number of new tokens per continuation")]
    [Range(1, 100_000)]
    public int? ContinuationTokens { get; init; }

    /// <summary>Has the language models of a run continue test prompts, and measures what they write; null: that is not done.</summary>
    [Description("of a causal language model: the models continue prompts of the test split, and what they write is measured (ROUGE-L, exact match, …): docs/metrics.md; default: none")]
    internal GenerationSection? Generation { get; init; }

    /// <summary>Classes, by name, with an output bias that is tuned on the validation split before the test; default: none.</summary>
    [Description("classes whose output bias is tuned on the validation split")]
    public IReadOnlyList<string> TuneBias { get; init; } = [];

    /// <summary>Chooses, on the validation split, from which confidence on the student may answer instead of the teacher; null: that is not done.</summary>
    [Description("cascade of student and teacher, chosen on the validation split: docs/cascade.md; default: none")]
    public CascadeOptions? Cascade { get; init; }

    /// <summary>Whether the test split may be text that the teacher itself wrote, on which a student of it wins by construction; null: refused.</summary>
    [Description("whether the test split may be text that the teacher generated; a student that imitates the teacher is favoured by such a test; default: refused")]
    public TestByTeacher? TeacherGeneratedTest { get; init; }
}
