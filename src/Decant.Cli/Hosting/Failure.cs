using System.CommandLine;
using Decant.Runs.Recipes.Binding;

namespace Decant.Cli.Hosting;

/// <summary>The message for the user when something fails, and the exit code that goes with it.</summary>
internal static class Failure
{
    public static int Tell(Exception fault, TextWriter error, bool isVerbose)
    {
        var (message, exitCode) = ProcessLimits.Explain(fault) is { } limit ? (limit, ExitCodes.Machine) : Message(fault);
        try
        {
            error.WriteLine(message);
            if (isVerbose) error.WriteLine(fault);
        }
        catch (Exception closed) when (closed is DecantException or IOException or UnauthorizedAccessException)
        {
            // Nobody reads what went wrong; the exit code still says that something did.
        }

        return exitCode;
    }

    /// <summary>Arguments that do not parse: what is wrong with them, and where help is.</summary>
    public static int Tell(ParseResult parse, TextWriter error)
    {
        var command = parse.CommandResult.Command;
        var isRoot = command is RootCommand;
        var unknown = parse.UnmatchedTokens.Take(isRoot ? 1 : int.MaxValue).Select(token => Unknown(token, command)).ToList();
        foreach (var message in unknown.Count > 0 ? unknown : parse.Errors.Select(e => e.Message.ReplaceLineEndings(" ").Replace("\t", "", StringComparison.Ordinal)).Distinct())
            error.WriteLine(message);
        error.WriteLine($"'decant {(isRoot ? "" : command.Name + " ")}--help' shows how it is used.");
        return ExitCodes.BadInput;
    }

    private static string Unknown(string token, Command command)
    {
        if (token.StartsWith('-'))
        {
            var options = command.Options.Select(o => o.Name).ToList();
            return $"{(command is RootCommand ? "decant" : command.Name)}: there is no option '{token}'{Suggestion.Ending(token, options, "there are")}";
        }

        return command is RootCommand
            ? $"There is no command '{token}'{Suggestion.Ending(token, [.. command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name)], "there are")}"
            : $"{command.Name}: the argument '{token}' is one too many.";
    }

    private static (string Message, int ExitCode) Message(Exception fault) => fault switch
    {
        DecantException known => (known.Message, known.ExitCode),
        AggregateException { InnerExceptions: [var only] } => Message(only),
        System.Reflection.TargetInvocationException { InnerException: { } inner } => Message(inner),
        // The work says where its checkpoint is; the runtime's own words say nothing.
        OperationCanceledException => (fault.Message.StartsWith("Stopped", StringComparison.Ordinal) ? fault.Message : "Stopped.", ExitCodes.Interrupted),
        IOException or UnauthorizedAccessException => ($"{fault.Message} See whether the disk is full and the folder may be written.", ExitCodes.Machine),
        OutOfMemoryException => ("Not enough memory. A smaller batch, or 'accumulate' with a smaller one, needs less.", ExitCodes.Machine),
        _ => ($"This is a fault of Decant, not yours: {fault.GetType().Name}: {fault.Message}\nThe same command with --verbose shows where; please report it with that.", ExitCodes.Fault),
    };
}
