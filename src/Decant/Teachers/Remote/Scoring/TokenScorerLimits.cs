using Decant.Teachers.Remote.Limits;

namespace Decant.Teachers.Remote.Scoring;

/// <summary>How much a <see cref="TokenScorer"/> sends, how patient it is, and what it may spend.</summary>
internal sealed record TokenScorerLimits
{
    /// <summary>How much is sent at the same time and within a minute; default: 8 requests at the same time.</summary>
    public RateLimitOptions Rate { get; init; } = new();

    /// <summary>How often a request is sent that fails, and how long is waited.</summary>
    public RetryOptions Retry { get; init; } = new();

    /// <summary>What may be spent, which others may share; null, the default: no limit, and nothing is counted.</summary>
    public RequestBudget? Budget { get; init; }
}
