using System.Text;

namespace Decant.Cli.Hosting;

/// <summary>The process's output: neutral where a terminal reads it, and with its own words where it cannot be written.</summary>
/// <param name="inner">Where it goes.</param>
/// <param name="name">What it is called in messages: <c>output</c>.</param>
/// <param name="isNeutral">Whether a terminal reads it; what a file or a program reads is left as it is.</param>
internal sealed class OutputWriter(TextWriter inner, string name, bool isNeutral) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(new string(buffer));

    public override void Write(string? value)
    {
        if (value is not null)
            Try(() => inner.Write(isNeutral ? TerminalText.Neutral(value) : value));
    }

    public override void WriteLine(string? value) => Write(value + NewLine);

    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (UnauthorizedAccessException error)
        {
            // What .NET makes of EBADF.
            throw new DecantException($"The {name} is closed, so nothing can be printed: leave it open, or send it to a file or /dev/null.", ExitCodes.Machine, error);
        }
        catch (IOException error)
        {
            throw new DecantException($"The {name} cannot be written: {error.Message}. See where it is sent to.", ExitCodes.Machine, error);
        }
    }
}
