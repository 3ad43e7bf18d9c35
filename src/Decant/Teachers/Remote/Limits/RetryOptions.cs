namespace Decant.Teachers.Remote.Limits;

/// <summary>How patient requests are.</summary>
public sealed record RetryOptions
{
    /// <summary>How often a request is sent before it is given up, the first time included; default: 6.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>The wait after the first failure, doubled after each further one, with jitter; default: 1 second.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait, also where the server asks for one (<c>Retry-After</c>): a longer one is reported instead. Default: 2 minutes.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long one attempt may take; default: 100 seconds.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>The share of attempts that must fail for the server to count as down; default: 0.9. Refusals by 429 do not count.</summary>
    public double BreakAt { get; init; } = 0.9;

    /// <summary>How many attempts within <see cref="BreakWindow"/> that share needs; default: 10.</summary>
    public int BreakAfter { get; init; } = 10;

    /// <summary>The time that failures are counted over; default: 60 seconds.</summary>
    public TimeSpan BreakWindow { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long nothing is sent to a server that is down, before one request tries again; default: 15 seconds.</summary>
    public TimeSpan BreakDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a request waits for a server that is down before it fails; default: 10 minutes.</summary>
    public TimeSpan DownPatience { get; init; } = TimeSpan.FromMinutes(10);

    internal void Check()
    {
        Require(Attempts >= 1, $"attempts: expected 1 or more, came {Attempts}");
        Require(FirstWait >= TimeSpan.Zero && LongestWait >= FirstWait, $"waits: expected 0 or more, the longest no shorter than the first, came {FirstWait} and {LongestWait}");
        Require(AttemptTimeout >= TimeSpan.FromMilliseconds(10), $"timeout of an attempt: expected 10 milliseconds or more, came {AttemptTimeout}");
        Require(BreakAt is > 0 and <= 1 && BreakAfter >= 2, $"circuit breaker: expected a share in (0, 1] of 2 attempts or more, came {BreakAt} of {BreakAfter}");
        Require(BreakWindow >= TimeSpan.FromMilliseconds(500) && BreakDuration >= TimeSpan.FromMilliseconds(500), $"circuit breaker: expected times of half a second or more, came {BreakWindow} and {BreakDuration}");
        Require(DownPatience >= TimeSpan.Zero, $"patience: expected 0 or more, came {DownPatience}");
    }

    private static void Require(bool holds, FormattableString what)
    {
        if (!holds)
            throw new DecantException($"retry: {FormattableString.Invariant(what)}.");
    }
}
