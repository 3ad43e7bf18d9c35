using System.Text.Json;
using Decant.Files;

namespace Decant.Inference.Cascades;

/// <summary>Who answers in a cascade, and what counts as wrong.</summary>
/// <param name="Student">The student: its folder or name.</param>
/// <param name="Teacher">The teacher: its folder, model name or address.</param>
/// <param name="Classes">The classes of both; empty for generated text.</param>
/// <param name="Against">What an answer is compared with: <c>teacher</c> or <c>labels</c>.</param>
public sealed record CascadeIdentity(string Student, string Teacher, IReadOnlyList<string> Classes, string Against = "teacher");

/// <summary>When a student's answer is taken, and what is known of the risk of that.</summary>
public sealed record CascadePolicy
{
    private const int MostBytes = 16 << 20;

    /// <summary>Answers with a confidence of this or more are given locally; null: everything goes to the teacher.</summary>
    public double? Threshold { get; init; }

    /// <summary>The level of the risk that was asked for.</summary>
    public required double Level { get; init; }

    /// <summary>The probability, over the draw of the held-out rows, that the risk is at most <see cref="Level"/>.</summary>
    public required double Confidence { get; init; }

    /// <summary>The confidence score.</summary>
    public ConfidenceScore Score { get; init; }

    /// <summary>The share of the held-out rows that was answered locally.</summary>
    public double ShareLocal { get; init; }

    /// <summary>The upper bound of Clopper and Pearson of the risk at the threshold; at most <see cref="Level"/>.</summary>
    public double RiskBound { get; init; }

    /// <summary>How many held-out rows there were.</summary>
    public int Rows { get; init; }

    /// <summary>How many of them were answered locally.</summary>
    public int Accepted { get; init; }

    /// <summary>How many of those were wrong.</summary>
    public int Wrong { get; init; }

    /// <summary>The expected cost of a request, in the unit of the options.</summary>
    public double CostPerRequest { get; init; }

    /// <summary>Why everything goes to the teacher; null: it does not.</summary>
    public string? Remark { get; init; }

    /// <summary>Who answers.</summary>
    public required CascadeIdentity Identity { get; init; }

    /// <summary>The thresholds of the grid, from the strictest; of those that accept the same rows, the loosest.</summary>
    public IReadOnlyList<CascadeStep> Steps { get; init; } = [];

    /// <summary>The confidences of the held-out rows, with which those of requests are compared; null: there were none.</summary>
    public DriftReference? Reference { get; init; }

    /// <summary>Whether an answer of this confidence is given locally.</summary>
    public bool IsLocal(double confidence) => confidence >= Threshold;

    /// <summary>Writes the policy as JSON; a file that is there is replaced as a whole.</summary>
    /// <exception cref="DecantException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, CascadeJson.Default.CascadePolicy));

    /// <summary>Reads a policy.</summary>
    /// <exception cref="DecantException">The file is missing, no policy, or has numbers out of range.</exception>
    public static CascadePolicy Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            var policy = JsonSerializer.Deserialize(RegularFile.Bytes(path, MostBytes), CascadeJson.Default.CascadePolicy)
                ?? throw new JsonException("it is null");
            return policy.Checked(path);
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{path}: expected the policy of a cascade, as 'decant cascade' writes it: {fault.Message} Choose it again.", inner: fault);
        }
    }

    private CascadePolicy Checked(string path)
    {
        if (Threshold is { } threshold && !(threshold is >= 0 and <= 1))
            throw new DecantException($"{path}: expected a threshold from 0 to 1, came {threshold}. Choose it again with 'decant cascade'.");
        if (!(Level is >= 0 and < 1) || !(Confidence is >= 0.5 and < 1) || (Threshold is not null && !(RiskBound <= Level)))
            throw new DecantException($"{path}: expected a risk bound of at most the level, came {RiskBound} and {Level}, at a confidence of {Confidence}. Choose it again with 'decant cascade'.");
        if (Identity is not { Student: not null, Teacher: not null, Classes: not null })
            throw new DecantException($"{path}: expected the identity of student and teacher and their classes; one is missing. Choose it again with 'decant cascade'.");
        Reference?.Check(path);
        return this;
    }
}
