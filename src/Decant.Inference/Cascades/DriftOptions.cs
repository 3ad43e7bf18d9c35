namespace Decant.Inference.Cascades;

/// <summary>When a change of requests, or of the agreement with the teacher, is reported.</summary>
public sealed record DriftOptions
{
    /// <summary>Requests in a window, whose confidences, accepted share and lengths are compared with the held-out rows; 500, at least 50.</summary>
    public int Window { get; init; } = 500;

    /// <summary>Locally answered requests that the teacher answered too, over which evidence of disagreement is gathered before it begins anew; 1,000, at least 50.</summary>
    public int AgreementWindow { get; init; } = 1_000;

    /// <summary>Windows, of each kind, over which <see cref="FalseAlarms"/> holds; 100: 50,000 requests by default.</summary>
    public int Horizon { get; init; } = 100;

    /// <summary>The probability of any report over the horizon where nothing changed; 0.05, half of it for the requests and half for the agreement.</summary>
    public double FalseAlarms { get; init; } = 0.05;

    internal DriftOptions Checked()
    {
        if (Window < 50 || AgreementWindow < 50)
            throw new DecantException($"DriftOptions: expected windows of 50 or more, came {Window} and {AgreementWindow}; shorter ones notice nothing.");
        if (Horizon < 1)
            throw new DecantException($"DriftOptions: expected a Horizon of one window or more, came {Horizon}.");
        if (FalseAlarms is not (> 0 and < 1))
            throw new DecantException($"DriftOptions: expected FalseAlarms above 0 and below 1, came {FalseAlarms}; 0.05 is usual.");
        return this;
    }
}
