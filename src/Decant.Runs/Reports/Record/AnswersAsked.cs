namespace Decant.Runs.Reports.Record;

/// <summary>A model is run on samples without training: a teacher for outputs that are kept, an arm for its evaluation.</summary>
/// <remarks>Sent while it goes on; for the teacher's outputs, also recorded once when they are complete.</remarks>
internal sealed record AnswersAsked : RunEvent
{
    /// <summary>What for: <see cref="TeacherAnswers"/>, the split that is measured (<c>test</c>, <c>validation</c>), <see cref="Latency"/>, <see cref="Texts"/> or <see cref="Continuations"/>.</summary>
    public required string Purpose { get; init; }

    /// <summary>The arm that answers, or for which the teacher does; empty where all arms do.</summary>
    public required string Arm { get; init; }

    /// <summary>Its seed.</summary>
    public long Seed { get; init; }

    /// <summary>Samples answered so far; of running text batches, of latency and continuations arms.</summary>
    public long Samples { get; init; }

    /// <summary>All samples.</summary>
    public long Total { get; init; }

    /// <summary>Seconds since the first sample began.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds to go, by what the batches so far took for their positions, padding included; null while it is too early to say, and in the record.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>Whether all are answered.</summary>
    public bool IsComplete { get; init; }

    /// <summary>The purpose of a teacher's answers that are kept for a training.</summary>
    public const string TeacherAnswers = "teacher outputs";

    /// <summary>The purpose of timing all arms in turn.</summary>
    public const string Latency = "latency";

    /// <summary>The purpose of continuing prompts of the test split.</summary>
    public const string Texts = "test prompts continued";

    /// <summary>The purpose of asking a judge about the texts of two arms; the other's name follows.</summary>
    public const string Judged = "judged against";

    /// <summary>The purpose of continuing the recipe's prompts.</summary>
    public const string Continuations = "continuations";
}
