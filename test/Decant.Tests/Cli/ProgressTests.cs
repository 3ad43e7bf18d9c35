using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Runs.Reports.Record;
using Spectre.Console;

namespace Decant.Tests.Cli;

public class ProgressTests
{
    [Fact]
    public void A_log_tells_what_begins_and_ends_and_steps_now_and_then()
    {
        var (clock, output) = (new Clock(), new StringWriter { NewLine = "\n" });
        var progress = new PlainProgress(output, clock);
        foreach (var happened in Samples.Run)
        {
            progress.Report(happened);
            clock.Forward(15);
        }

        Approved.Check(output.ToString(), "progress-plain");
    }

    [Fact]
    public void Steps_come_at_most_every_ten_seconds()
    {
        var (clock, output) = (new Clock(), new StringWriter());
        var progress = new PlainProgress(output, clock);
        progress.Report(new ArmStarted { Arm = Arms.Student, Seed = 1, Steps = 1000, Epochs = 1 });
        for (var step = 1; step <= 1000; step++)
        {
            clock.Forward(0.1);
            progress.Report(new StepTaken { Arm = Arms.Student, Seed = 1, Step = step });
        }

        Assert.Equal(1 + 10, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void The_time_to_go_follows_the_pace()
    {
        var clock = new Clock();
        var arm = new ArmProgress(new ArmStarted { Arm = Arms.Student, Steps = 100 }, clock);
        Assert.Null(arm.Remaining());
        clock.Forward(1);
        arm.Take(new StepTaken { Arm = Arms.Student, Step = 1 });
        Assert.Null(arm.Remaining());
        clock.Forward(9);
        arm.Take(new StepTaken { Arm = Arms.Student, Step = 25 });
        Assert.Equal(30, arm.Remaining());
        Assert.Equal(0.25, arm.Share);
    }

    [Fact]
    public void The_time_to_go_of_a_resumed_arm_follows_the_pace_of_this_process()
    {
        var clock = new Clock();
        var arm = new ArmProgress(new ArmStarted { Arm = Arms.Student, Steps = 100 }, clock);
        clock.Forward(5);
        Assert.True(arm.Is(new Resumed { Arm = Arms.Student, Step = 50 }));
        arm.Take(new Resumed { Arm = Arms.Student, Step = 50 });
        clock.Forward(10);
        Assert.Null(arm.Remaining());
        arm.Take(new StepTaken { Arm = Arms.Student, Step = 60 });
        Assert.Equal(40, arm.Remaining());
    }

    [Fact]
    public void A_log_tells_now_and_then_how_far_answers_are()
    {
        var (clock, output) = (new Clock(), new StringWriter { NewLine = "\n" });
        var progress = new PlainProgress(output, clock);
        var asked = new AnswersAsked { Purpose = AnswersAsked.TeacherAnswers, Arm = Arms.Student, Seed = 2, Total = 6000 };
        for (var second = 1; second < 30; second++)
        {
            clock.Forward(1);
            progress.Report(asked with { Samples = 200 * second, Seconds = second, SecondsLeft = 30 - second });
        }

        progress.Report(asked with { Samples = 6000, Seconds = 30, IsComplete = true });
        Assert.Equal(
            """
            teacher outputs for student (seed 2): 2,000/6,000 33 %, 200 samples/s, 20 s left
            teacher outputs for student (seed 2): 4,000/6,000 67 %, 200 samples/s, 10 s left
            teacher outputs for student (seed 2): 6,000 samples in 30 s, 200 samples/s

            """,
            output.ToString());
    }

    [Fact]
    public void Answers_that_are_there_at_once_are_no_news_and_timing_is_told_before_it_begins()
    {
        var output = new StringWriter { NewLine = "\n" };
        var progress = new PlainProgress(output, new Clock());
        progress.Report(new AnswersAsked { Purpose = "test", Arm = Arms.Student, Seed = 2, Samples = 60, Total = 60, Seconds = 0.1, IsComplete = true });
        Assert.Equal("", output.ToString());
        progress.Report(new AnswersAsked { Purpose = AnswersAsked.Latency, Arm = "", Total = 3 });
        progress.Report(new AnswersAsked { Purpose = AnswersAsked.Latency, Arm = "", Total = 3, Samples = 3, Seconds = 6, IsComplete = true });
        Assert.Equal("latency of 3 models begins\nlatency of 3 models: 6 s\n", output.ToString());
    }

    [Fact]
    public void The_display_shows_answers_while_they_are_asked_for_and_not_afterwards()
    {
        var output = new StringWriter { NewLine = "\n" };
        var console = ConsoleFactory.Create(output, isTerminal: false);
        console.Profile.Width = 120;
        var progress = new LiveProgress(console, new Clock());
        var asked = new AnswersAsked { Purpose = "test", Arm = Arms.Teacher, Seed = 1, Total = 600, Samples = 150, Seconds = 3, SecondsLeft = 9 };
        progress.Take(asked);
        console.Write(progress.Frame());
        Assert.Equal("▸ teacher (seed 1), test ━━━━━━────────────────── 150/600 25 %, 50 samples/s, 9 s left\n", output.ToString().Replace(" \n", "\n", StringComparison.Ordinal));
        progress.Take(asked with { Samples = 600, IsComplete = true });
        output.GetStringBuilder().Clear();
        console.Write(progress.Frame());
        Assert.DoesNotContain("test", output.ToString());
    }

    [Theory]
    [InlineData(null, 0, "resumed between two arms")]
    [InlineData(Arms.Control, 0, "resumed at the start of the control (seed 2)")]
    [InlineData(Arms.Student, 1200, "resumed after step 1,200 of the student (seed 2)")]
    public void Where_a_run_goes_on_is_told(string? arm, long step, string expected) =>
        Assert.Equal(expected, ProgressWords.Resumed(new Resumed { Arm = arm, Seed = 2, Step = step }));

    [Fact]
    public void The_display_shows_the_running_arm_with_its_bar()
    {
        var (clock, output) = (new Clock(), new StringWriter { NewLine = "\n" });
        var console = ConsoleFactory.Create(output, isTerminal: false);
        console.Profile.Width = 100;
        var progress = new LiveProgress(console, clock);
        foreach (var happened in Samples.Run)
        {
            clock.Forward(20);
            progress.Take(happened);
        }

        console.Write(progress.Frame());
        Approved.Check(output.ToString(), "progress-live");
    }

    [Fact]
    public void The_display_gives_back_what_the_work_gave_and_its_faults()
    {
        var output = new StringWriter();
        var progress = new LiveProgress(ConsoleFactory.Create(output, isTerminal: false), new Clock());
        Assert.Equal(7, progress.Run(p =>
        {
            foreach (var happened in Samples.Run) p.Report(happened);
            progress.Note("Stopping [soon].");
            return 7;
        }));
        Assert.Contains("Stopping [soon].", output.ToString());
        Assert.Throws<DecantException>(() => progress.Run<int>(_ => throw new DecantException("x")));
    }

    [Fact]
    public void Before_anything_happened_there_is_something_to_draw()
    {
        var output = new StringWriter();
        var console = Terminal(output);
        console.Write(new LiveProgress(console, new Clock()).Frame());
        Assert.Contains("reading the data …", output.ToString());
        Assert.Equal(3, new LiveProgress(console, new Clock()).Run(_ => 3));
    }

    [Fact]
    public void On_a_terminal_frames_are_drawn_over_each_other()
    {
        var output = new StringWriter();
        var progress = new LiveProgress(Terminal(output), new Clock());
        progress.Run(p =>
        {
            foreach (var happened in Samples.Run) p.Report(happened);
            return 0;
        });
        Assert.Contains("\u001b[", output.ToString());
        Assert.Contains("情感分类", output.ToString());
        var frame = output.ToString();
        Assert.True(frame.Split("student (seed 1)").Length > 2, "the frames of a running arm follow each other");
    }

    [Theory]
    [InlineData(0.8123, "0.812")]
    [InlineData(5e-4, "5e-4")]
    [InlineData(0, "0")]
    [InlineData(12.345, "12.35")]
    [InlineData(1234.6, "1,235")]
    [InlineData(double.NaN, "not finite")]
    [InlineData(2.5e7, "2.5e+7")]
    public void Numbers_are_short(double value, string expected) => Assert.Equal(expected, ProgressWords.Short(value));

    [Theory]
    [InlineData(0.2, "0 s")]
    [InlineData(59.7, "1 min 0 s")]
    [InlineData(242, "4 min 2 s")]
    [InlineData(7260, "2 h 1 min")]
    [InlineData(double.PositiveInfinity, "very long")]
    public void Durations_are_short(double seconds, string expected) => Assert.Equal(expected, ProgressWords.Duration(seconds));

    [Fact]
    public void Spaces_at_the_ends_of_lines_are_left_out()
    {
        var output = new StringWriter { NewLine = "\n" };
        new TrimmedLines(output).Write("a  b  \n  c \r\n");
        Assert.Equal("a  b\n  c\r\n", output.ToString());
    }

    private static IAnsiConsole Terminal(StringWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.Standard,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 60;
        return console;
    }
}
