using Decant.Cli.Hosting;
using Decant.Tests.Runs.Recipes;

namespace Decant.Tests.Cli;

public sealed class FailureTests : IDisposable
{
    private static readonly string s_tokenizer = Path.Combine(AppContext.BaseDirectory, "Golden", "tokenizers", "wordpiece");
    private readonly CliRunner _cli = new() { In = "one\ntwo\n" };

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("There is no command 'distil'; did you mean 'distill'?\n'decant --help' shows how it is used.\n", "distil", "x")]
    [InlineData("There is no command 'zzz'; there are: quickstart, distill, train, evaluate, compare, cascade, fit, study, export, import, compress, predict, generate, serve, tokenize, check, inspect, answers, synthesize, overlap, mine, get, new, schema, recipes, doctor, bench\n'decant --help' shows how it is used.\n", "zzz")]
    [InlineData("distill: there is no option '--sed'; did you mean '--set'?\n'decant distill --help' shows how it is used.\n", "distill", "a", "--sed")]
    [InlineData("recipes: the argument 'x' is one too many.\n'decant recipes --help' shows how it is used.\n", "recipes", "x")]
    [InlineData("--seeds: expected a number of seeds from 1 to 1000, came '0'.\n'decant distill --help' shows how it is used.\n", "distill", "a", "--seeds", "0")]
    [InlineData("--seeds: expected a number of seeds from 1 to 1000, came 'many'.\n'decant distill --help' shows how it is used.\n", "distill", "a", "--seeds", "many")]
    [InlineData("compare: expected two models or more, came one; 'decant evaluate' measures one alone.\n", "compare", "a")]
    [InlineData("--set overrides keys of a recipe: give the recipe too, with --recipe.\n", "evaluate", "a", "--set", "x=1")]
    [InlineData("none.yaml: there is no such recipe; 'decant recipes' lists those that come with Decant, 'decant new' writes one.\n", "distill", "none.yaml")]
    public void Arguments_that_are_wrong_are_told_with_what_would_be_right(string expected, params string[] args)
    {
        Assert.Equal(ExitCodes.BadInput, _cli.Run(args));
        Assert.Equal(("", expected), (_cli.Out, _cli.Error));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Each_fault_has_one_message_and_its_exit_code(Exception fault, int exitCode, string message)
    {
        _cli.Catalog = () => throw fault;
        Assert.Equal(exitCode, _cli.Run("distill", _cli.Write("a.yaml", Fakes.Image)));
        Assert.Equal(message + "\n", _cli.Error);
    }

    public static TheoryData<Exception, int, string> Faults() => new()
    {
        { new DecantException("The loss is not finite.", ExitCodes.Diverged), 4, "The loss is not finite." },
        { new AggregateException(new DecantException("One of two.")), 2, "One of two." },
        { new OperationCanceledException(), 130, "Stopped." },
        { new OperationCanceledException("Stopped after step 7. A checkpoint is in x."), 130, "Stopped after step 7. A checkpoint is in x." },
        { new IOException("No space left on device."), 3, "No space left on device. See whether the disk is full and the folder may be written." },
        { new InsufficientMemoryException(), 3, "Not enough memory. A smaller batch, or 'accumulate' with a smaller one, needs less." },
        { new InvalidOperationException("oops"), 1, "This is a fault of Decant, not yours: InvalidOperationException: oops\nThe same command with --verbose shows where; please report it with that." },
    };

    [Fact]
    public void Verbose_shows_where_it_came_from()
    {
        _cli.Catalog = () => throw new DecantException("told", ExitCodes.BadInput, new InvalidOperationException("cause"));
        Assert.Equal(2, _cli.Run("distill", _cli.Write("a.yaml", Fakes.Image), "--verbose"));
        Assert.StartsWith("told\nDecant.DecantException: told\n", _cli.Error);
        Assert.Contains("cause", _cli.Error);
        Assert.Contains("   at ", _cli.Error);
    }

    [Fact]
    public void The_first_interruption_stops_the_work_and_says_so_the_second_ends_the_process()
    {
        _cli.Opening = () =>
        {
            _cli.Interruption.Request();
            Assert.True(_cli.Interruption.Token.IsCancellationRequested);
            Assert.Empty(_cli.Ended);
            _cli.Interruption.Request();
        };
        Assert.Equal(130, _cli.Run("tokenize", s_tokenizer));
        Assert.Equal([130], _cli.Ended);
        Assert.Equal("Stopping after the current step. Ctrl+C again ends at once.\nStopped.\n", _cli.Error);
    }

    [Fact]
    public void A_run_that_is_resumed_keeps_its_folder_and_its_recipe()
    {
        foreach (var (args, said) in new (string[], string)[]
        {
            (["distill"], "distill: expected a recipe, or --resume with the folder of a run; 'decant recipes' lists the recipes that come with Decant.\n"),
            (["train"], "train: expected a recipe, or --resume with the folder of a run; 'decant recipes' lists the recipes that come with Decant.\n"),
            (["distill", "--resume", "a", "--out", "b"], "--out: a run is resumed in its own folder; remove --out.\n"),
            (["distill", "--resume", "a", "--seeds", "2"], "--seeds: a run is resumed with the recipe that it was begun with; leave --seeds out, or start a new run.\n"),
            (["distill", "--resume", "a", "--no-control"], "--no-control: a run is resumed with the recipe that it was begun with; leave --no-control out, or start a new run.\n"),
            (["train", "--resume", "a", "--set", "x=1"], "--set: a run is resumed with the recipe that it was begun with; leave --set out, or start a new run.\n"),
        })
        {
            using var cli = new CliRunner { Catalog = () => throw new InvalidOperationException("no job is made") };
            Assert.Equal(ExitCodes.BadInput, cli.Run(args));
            Assert.Equal(said, cli.Error);
        }
    }

    [Fact]
    public void A_scheduler_that_asks_the_process_to_end_gets_a_code_of_its_own()
    {
        _cli.Opening = () => _cli.Interruption.Request(ExitCodes.Terminated);
        Assert.Equal(143, _cli.Run("tokenize", s_tokenizer));
        Assert.Empty(_cli.Ended);
        Assert.Equal("Asked to end (SIGTERM): stopping after the current step, in five seconds at the latest.\nStopped.\n", _cli.Error);
    }

    [Theory]
    [InlineData(null, "Ended: the work did not stop in time. Nothing had been trained, so there was nothing to keep.")]
    [InlineData("decant distill --resume runs/x", "Ended: the work did not stop in time, so the last checkpoint is what is kept. To resume: decant distill --resume runs/x")]
    public void Work_that_does_not_stop_is_ended_before_five_seconds_are_over(string? goOn, string said)
    {
        var clock = new TimerClock();
        var (told, ended) = (new List<string>(), new List<int>());
        using var interruption = new Interruption(told.Add, ended.Add, clock) { GoOn = goOn };
        interruption.Request();
        Assert.Equal(goOn is not null, told[^1].Contains("what was trained so far is kept", StringComparison.Ordinal));
        Assert.Null(clock.Due);
        using var terminated = new Interruption(told.Add, ended.Add, clock) { GoOn = goOn };
        terminated.Request(ExitCodes.Terminated);
        Assert.InRange(clock.Due!.Value.TotalSeconds, 3, 4.9);
        Assert.Empty(ended);
        clock.Ring!();
        Assert.Equal([143], ended);
        Assert.Equal(said, told[^1]);
    }

    private sealed class TimerClock : TimeProvider
    {
        public TimeSpan? Due { get; private set; }

        public Action? Ring { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (Due, Ring) = (dueTime, () => callback(state));
            return System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    [Theory]
    [InlineData(false, null, null, null, true)]
    [InlineData(true, null, null, null, false)]
    [InlineData(false, "1", null, null, false)]
    [InlineData(false, null, "dumb", null, false)]
    [InlineData(false, null, "xterm", "true", false)]
    public void Only_a_terminal_is_drawn_on(bool isRedirected, string? noColor, string? term, string? ci, bool expected) =>
        Assert.Equal(expected, TerminalDetection.CanBeDrawnOn(isRedirected, name => name switch { "NO_COLOR" => noColor, "TERM" => term, "CI" => ci, _ => null }));

    [Fact]
    public void Help_names_every_command_and_fails_nothing()
    {
        Assert.Equal(0, _cli.Run("--help"));
        foreach (var command in new[] { "quickstart", "distill", "train", "evaluate", "compare", "predict", "generate", "tokenize", "check", "new", "recipes", "doctor" })
        {
            Assert.Contains($"\n  {command}", _cli.Out);
            Assert.Equal(0, _cli.Run(command, "--help"));
        }

        Assert.Equal("", _cli.Error);
        Assert.Equal(0, _cli.Run());
    }
}
