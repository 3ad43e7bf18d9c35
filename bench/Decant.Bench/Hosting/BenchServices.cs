using Spectre.Console;

namespace Decant.Bench.Hosting;

/// <summary>What the commands of the benchmarks reach of the world; tests give their own.</summary>
internal sealed record BenchServices
{
    /// <summary>Where results go.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Where faults go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>The console that draws on <see cref="Out"/>.</summary>
    public required Lazy<IAnsiConsole> Console { get; init; }

    /// <summary>The measurements.</summary>
    public required Lazy<IBenchWork> Work { get; init; }

    /// <summary>Ctrl+C.</summary>
    public CancellationToken Token { get; init; }
}
