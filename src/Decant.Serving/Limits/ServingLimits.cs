namespace Decant.Serving.Limits;

/// <summary>How much a server takes on.</summary>
public sealed record ServingLimits
{
    /// <summary>The most bytes of a request's body, 1 KiB to 1 GiB; default: 1 MiB. What is longer is answered with 413.</summary>
    public long MaxBodyBytes { get; init; } = 1 << 20;

    /// <summary>The most tokens that a request may have generated for each prompt, 1 or more; default: 1,024.</summary>
    public int MaxTokens { get; init; } = 1024;

    /// <summary>The most texts of a request, 1 or more; default: 256.</summary>
    public int MaxTexts { get; init; } = 256;

    /// <summary>How many requests are computed at once, 1 or more; default: one per core.</summary>
    public int Concurrency { get; init; } = Environment.ProcessorCount;

    /// <summary>How many more requests wait, 0 or more; default: 64. Those beyond are answered with 429 and Retry-After.</summary>
    public int Queue { get; init; } = 64;

    /// <summary>The longest time of a request, waiting included, above 0; default: 60 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long accepted requests have to end once the server stops, 0 or more; default: 30 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <exception cref="DecantException">A limit is out of its range.</exception>
    internal ServingLimits Checked()
    {
        Require(MaxBodyBytes is >= 1 << 10 and <= 1 << 30, nameof(MaxBodyBytes), "1,024 to 1,073,741,824", MaxBodyBytes);
        Require(MaxTokens >= 1, nameof(MaxTokens), "1 or more", MaxTokens);
        Require(MaxTexts >= 1, nameof(MaxTexts), "1 or more", MaxTexts);
        Require(Concurrency is >= 1 and <= 10_000, nameof(Concurrency), "1 to 10,000", Concurrency);
        Require(Queue is >= 0 and <= 100_000, nameof(Queue), "0 to 100,000", Queue);
        Require(Timeout > TimeSpan.Zero && Timeout <= TimeSpan.FromDays(1), nameof(Timeout), "more than 0 and at most a day", Timeout);
        Require(StopTimeout >= TimeSpan.Zero && StopTimeout <= TimeSpan.FromDays(1), nameof(StopTimeout), "0 to a day", StopTimeout);
        return this;
    }

    private static void Require(bool isFine, string name, string expected, object came)
    {
        if (!isFine)
            throw new DecantException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"ServingLimits: expected {name} of {expected}, came {came}."));
    }
}
