using Decant.Cli.Hosting;
using Spectre.Console;

namespace Decant.Tests.Cli;

public class OutputTests
{
    [Theory]
    [InlineData("plain 好评 text\twith\nlines\r\n", "plain 好评 text\twith\nlines\r\n")]
    [InlineData("\u001b]0;title\u0007", "␛]0;title␇")]
    [InlineData("over\rwritten", "over␍written")]
    [InlineData("\u009b31m", "\ufffd31m")]
    [InlineData("a\u202eb\u2066c", "a\ufffdb\ufffdc")]
    [InlineData("\u007f\0", "␡␀")]
    public void Control_characters_are_shown_and_not_sent(string text, string neutral) => Assert.Equal(neutral, TerminalText.Neutral(text));

    [Fact]
    public void A_file_gets_what_a_model_wrote_and_a_terminal_a_harmless_form_of_it()
    {
        using var inner = new StringWriter { NewLine = "\n" };
        using var file = new OutputWriter(inner, "output", isNeutral: false);
        using var terminal = new OutputWriter(inner, "output", isNeutral: true);

        file.Write("\u001b[2J");
        terminal.Write("\u001b[2J");
        terminal.Write('\u001b');

        Assert.Equal("\u001b[2J␛[2J␛", inner.ToString());
    }

    [Fact]
    public void What_a_console_draws_is_neutral_and_its_own_colours_stay()
    {
        using var inner = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.Standard, Out = new AnsiConsoleOutput(inner) });
        console.Pipeline.Attach(new NeutralHook());

        console.Write(new Table().AddColumn("name").AddRow(new Spectre.Console.Text("evil\u001b[31m", new Style(Color.Green))));

        Assert.Contains("evil␛[31m", inner.ToString());
        Assert.Contains("\u001b[32m", inner.ToString());
    }

    [Theory]
    [InlineData(typeof(UnauthorizedAccessException), "The output is closed, so nothing can be printed")]
    [InlineData(typeof(IOException), "The output cannot be written: ")]
    public void Output_that_cannot_be_written_is_named(Type cause, string message)
    {
        using var writer = new OutputWriter(new Broken((Exception)Activator.CreateInstance(cause)!), "output", isNeutral: false);

        var fault = Assert.Throws<DecantException>(() => writer.WriteLine("x"));

        Assert.StartsWith(message, fault.Message);
        Assert.Equal(ExitCodes.Machine, fault.ExitCode);
    }

    [Fact]
    public void A_fault_that_nobody_can_read_still_has_its_exit_code() =>
        Assert.Equal(ExitCodes.Diverged, Failure.Tell(new DecantException("x", ExitCodes.Diverged), new Broken(new IOException()), isVerbose: true));

    [Fact]
    public void Too_many_open_files_are_told_wherever_they_came_up()
    {
        var opening = new IOException("Too many open files", 24);

        Assert.Contains("'ulimit -n", ProcessLimits.Explain(new TypeInitializationException("Some.Type", opening)));
        Assert.Null(ProcessLimits.Explain(new IOException("No space left on device", 28)));
        Assert.Null(ProcessLimits.Explain(new FileNotFoundException("x")));
    }

    [Fact]
    public void A_message_of_megabytes_is_cut_and_keeps_its_end()
    {
        var message = new DecantException($"columns: {new string('x', 10_900_000)}; name one of them with 'text:'.").Message;

        Assert.InRange(message.Length, 15_000, 16_200);
        Assert.StartsWith("columns: xxx", message);
        Assert.Contains(" characters left out) … ", message);
        Assert.EndsWith("name one of them with 'text:'.", message);
    }

    private sealed class Broken(Exception error) : StringWriter
    {
        public override void Write(string? value) => throw error;

        public override void WriteLine(string? value) => throw error;
    }
}
