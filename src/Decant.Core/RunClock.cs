namespace Decant;

/// <summary>What a run's wall time can be.</summary>
internal static class RunClock
{
    /// <summary>More than any run takes, in seconds: some three thousand years. A changed file may say more, which no <see cref="TimeSpan"/> holds.</summary>
    public const double MostSeconds = 1e11;
}
