using System.Text;
using Decant.Runs;
using Decant.Runs.Hardware;
using Spectre.Console;

namespace Decant.Cli.Hosting;

/// <summary>What commands reach of the world; tests give their own. Whatever is costly is made when it is first asked for, so that <c>--help</c> is quick.</summary>
internal sealed record CliServices
{
    /// <summary>Where results go.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Where texts come from that no option gives.</summary>
    public Lazy<TextReader> In { get; init; } = new(StandardInput.Open);

    /// <summary>Where faults go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether <see cref="Out"/> is a terminal that can be drawn on.</summary>
    public required bool IsTerminal { get; init; }

    /// <summary>Whether somebody at a terminal can answer a question; default: false.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>The console that draws on <see cref="Out"/>.</summary>
    public required Lazy<IAnsiConsole> Console { get; init; }

    /// <summary>The kinds that recipes may name.</summary>
    public required Lazy<Catalog> Catalog { get; init; }

    /// <summary>Ctrl+C.</summary>
    public required Interruption Interruption { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What environment variables say.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Why nothing is asked over the net, such as "--offline is given"; null: as <see cref="Environment"/> says.</summary>
    public string? Offline { get; init; }

    /// <summary>Where the recipes that come along may lie; the first folder that exists counts.</summary>
    public required IReadOnlyList<string> RecipeFolders { get; init; }

    /// <summary>The command as typed.</summary>
    public string CommandLine { get; init; } = "decant";

    /// <summary>The same, fetching models as their environment says.</summary>
    /// <param name="isOffline">Whether nothing is asked over the net, whatever the environment says.</param>
    public CliServices WithFetching(bool isOffline)
    {
        var reason = isOffline ? "--offline is given" : null;
        return this with { Offline = reason, Catalog = new Lazy<Catalog>(() => Catalog.Value with { Fetching = StandardFetching.Of(Environment, reason) }) };
    }

    /// <summary>The services of a process that was started with these arguments.</summary>
    public static CliServices OfProcess(string[] args)
    {
        // Set, not assumed: Windows has another default, and so has a Linux whose locale is not UTF-8.
        System.Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var input = new Lazy<TextReader>(() =>
        {
            System.Console.InputEncoding = System.Console.OutputEncoding;
            return StandardInput.Open();
        });
        var output = new OutputWriter(System.Console.Out, "output", isNeutral: false);
        var error = new OutputWriter(System.Console.Error, "error output", isNeutral: true);
        // At once, for not every job that loads libtorch asks for the catalog.
        KernelNotice.To(error.WriteLine);
        var isTerminal = TerminalDetection.CanBeDrawnOn(System.Console.IsOutputRedirected, System.Environment.GetEnvironmentVariable);
        var home = System.Environment.GetEnvironmentVariable("DECANT_HOME");
        return new CliServices
        {
            In = input,
            Out = System.Console.IsOutputRedirected ? output : new OutputWriter(System.Console.Out, "output", isNeutral: true),
            Error = error,
            IsTerminal = isTerminal,
            IsInteractive = !System.Console.IsInputRedirected && !System.Console.IsErrorRedirected,
            Console = new Lazy<IAnsiConsole>(() => ConsoleFactory.Create(output, isTerminal)),
            Catalog = new Lazy<Catalog>(() => Decant.Runs.Catalog.Standard),
            Interruption = new Interruption(error.WriteLine, code => ProcessEnd.AtOnce(code, isTerminal)),
            RecipeFolders = [.. string.IsNullOrEmpty(home) ? [] : new[] { Path.Combine(home, "recipes") }, Path.Combine(AppContext.BaseDirectory, "recipes")],
            CommandLine = ShellText.Command(args),
        };
    }
}
