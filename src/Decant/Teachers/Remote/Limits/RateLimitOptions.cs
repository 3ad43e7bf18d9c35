using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Teachers.Remote.Limits;

/// <summary>How much is sent at most. What is null is not limited.</summary>
public sealed record RateLimitOptions
{
    /// <summary>Requests within any 60 seconds.</summary>
    [Description("most requests within any 60 seconds; default: no limit")]
    [Range(1, int.MaxValue)]
    public int? RequestsPerMinute { get; init; }

    /// <summary>Tokens within any 60 seconds, of prompts and answers together. Before an answer is there, its request counts for a fourth of the bytes of its prompt.</summary>
    [Description("most tokens within any 60 seconds, of prompts and answers; default: no limit")]
    [Range(1, long.MaxValue)]
    public long? TokensPerMinute { get; init; }

    /// <summary>Requests at the same time; default: 8.</summary>
    [Description("requests at the same time")]
    [Range(1, 10_000)]
    public int Concurrency { get; init; } = 8;

    internal void Check()
    {
        if (RequestsPerMinute is < 1 || TokensPerMinute is < 1 || Concurrency < 1)
            throw new DecantException($"rate limit: expected 1 or more, came {RequestsPerMinute?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no limit of"} requests and {TokensPerMinute?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no limit of"} tokens a minute, {Concurrency} at the same time.");
    }
}
