namespace Decant;

/// <summary>A fault of the user's input or of the machine, reported in one message: what was expected, what came, where, what to do next.</summary>
/// <remarks>The command line prints <see cref="Exception.Message"/> alone (the stack trace with <c>--verbose</c>) and exits with <see cref="ExitCode"/>.</remarks>
public class DecantException : Exception
{
    // A name in a file may have megabytes, and a list a million of them.
    private const int LongestMessage = 16_000;

    /// <summary>A fault with its message and exit code.</summary>
    /// <param name="message">Expected, came, where, next step; what is longer than 16,000 characters is cut in the middle.</param>
    /// <param name="exitCode">The process's exit code, one of <see cref="ExitCodes"/>; default: <see cref="ExitCodes.BadInput"/>.</param>
    /// <param name="inner">The cause, shown with <c>--verbose</c>.</param>
    public DecantException(string message, int exitCode = ExitCodes.BadInput, Exception? inner = null)
        : base(Bounded(message), inner) => ExitCode = exitCode;

    /// <summary>The exit code that the command line returns.</summary>
    public int ExitCode { get; }

    private static string Bounded(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        const int end = 1_000; // where messages say what to do next
        return message.Length <= LongestMessage
            ? message
            : $"{message.AsSpan(0, LongestMessage - end)} … ({message.Length - LongestMessage:N0} characters left out) … {message.AsSpan(message.Length - end)}";
    }
}

/// <summary>The exit codes of the command line.</summary>
internal static class ExitCodes
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>A fault of Decant itself.</summary>
    public const int Fault = 1;

    /// <summary>The recipe, the data or an argument is wrong; nothing was started.</summary>
    public const int BadInput = 2;

    /// <summary>The machine lacks something: libtorch, a compiler, room on the disk, permission.</summary>
    public const int Machine = 3;

    /// <summary>Training diverged: the loss was not finite.</summary>
    public const int Diverged = 4;

    /// <summary>Stopped by Ctrl+C after a checkpoint was written.</summary>
    public const int Interrupted = 130;

    /// <summary>Stopped by SIGTERM, as on a machine that is taken away, after a checkpoint was written if there was anything to keep.</summary>
    public const int Terminated = 143;
}
