namespace Decant.Inference.Cascades;

/// <summary>What changed.</summary>
public enum DriftKind
{
    /// <summary>The distribution of the confidences.</summary>
    Confidence,

    /// <summary>The share of requests that are answered locally.</summary>
    AcceptedShare,

    /// <summary>The lengths of the texts.</summary>
    Length,

    /// <summary>The student disagrees with the teacher, where it answers, more often than the level of the policy allows.</summary>
    Agreement,
}

/// <summary>A change was noticed.</summary>
/// <param name="kind">Which.</param>
/// <param name="requests">After how many requests, or shadowed ones where it is the agreement.</param>
/// <param name="message">A sentence with the numbers.</param>
public sealed class DriftAlarm(DriftKind kind, long requests, string message) : EventArgs
{
    /// <summary>Which.</summary>
    public DriftKind Kind { get; } = kind;

    /// <summary>After how many requests, or shadowed ones where it is the agreement.</summary>
    public long Requests { get; } = requests;

    /// <summary>A sentence with the numbers.</summary>
    public string Message { get; } = message;
}
