namespace Decant.Tests.Cli;

public sealed class PredictCommandTests : IDisposable
{
    private readonly CliRunner _cli = new() { In = "从前\nsecond\n" };

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Lines_are_the_arguments_or_a_file_or_what_comes_in()
    {
        Assert.Equal(0, _cli.Run("predict", "models/a", "one", "two\twords", "--batch", "7", "--top", "3"));
        Assert.Equal("{\"prediction\":1}\n{\"prediction\":2}\n", _cli.Out);
        var (model, options, lines) = _cli.Jobs.Predicted!.Value;
        Assert.Equal(("models/a", 7, (int?)3, false), (model, options.BatchSize, options.Top, options.AreJson));
        Assert.Equal([(1L, "one"), (2L, "two\twords")], lines.Select(l => (l.Number, l.Text)));

        Assert.Equal(0, _cli.Run("predict", "models/a"));
        Assert.Equal([(1L, "从前"), (2L, "second")], _cli.Jobs.Predicted!.Value.Lines.Select(l => (l.Number, l.Text)));
        Assert.Equal((32, null), (_cli.Jobs.Predicted.Value.Options.BatchSize, _cli.Jobs.Predicted.Value.Options.Top));

        Assert.Equal(0, _cli.Run("predict", "models/a", "--file", _cli.Write("p.txt", "\uFEFFeins\r\nzwei")));
        Assert.Equal([(1L, "eins"), (2L, "zwei")], _cli.Jobs.Predicted!.Value.Lines.Select(l => (l.Number, l.Text)));
    }

    [Theory]
    [InlineData("a.jsonl", true)]
    [InlineData("a.NDJSON", true)]
    [InlineData("a.txt", false)]
    public void A_file_says_by_its_name_whether_its_lines_are_JSON(string name, bool areJson)
    {
        Assert.Equal(0, _cli.Run("predict", "models/a", "--file", _cli.Write(name, "{}\n")));
        Assert.Equal(areJson, _cli.Jobs.Predicted!.Value.Options.AreJson);
        Assert.Equal(0, _cli.Run("predict", "models/a", "--jsonl"));
        Assert.True(_cli.Jobs.Predicted!.Value.Options.AreJson);
    }

    [Fact]
    public void Lines_that_could_not_be_answered_are_told_at_the_end_and_by_the_exit_code()
    {
        Assert.Equal(2, _cli.Run("predict", "models/a", "--file", _cli.Write("p.txt", "one\n\nthree\n")));
        Assert.Equal("{\"prediction\":1}\n{\"prediction\":2}\n{\"prediction\":3}\n", _cli.Out);
        Assert.Equal("1 of 3 lines could not be answered and say 'error' instead; the first is line 2: the line is empty.\n", _cli.Error);
    }

    [Theory]
    [InlineData("--batch: expected a number of at least 1, came 0.", "--batch", "0")]
    [InlineData("--top: expected a number of at least 1, came -1.", "--top", "-1")]
    [InlineData("Texts and --file both say what is to be answered: leave one of them out.", "a", "--file", "b")]
    [InlineData("DIR/none.txt: there is no such file (looked for DIR/none.txt); check the path, or fetch the data.", "--file", "none.txt")]
    public void Arguments_that_are_wrong_are_told(string said, params string[] args)
    {
        Assert.Equal(2, _cli.Run(["predict", "models/a", .. args.Select(a => a == "none.txt" ? Path.Combine(_cli.Folder, a) : a)]));
        Assert.Equal(said + "\n", _cli.Error);
    }

    [Fact]
    public void Help_says_what_a_line_may_be()
    {
        Assert.Equal(0, _cli.Run("predict", "--help"));
        // The usage names the program that runs, which is the tests' own here.
        Approved.Check(_cli.Out.Replace($"{System.CommandLine.RootCommand.ExecutableName} predict", "decant predict", StringComparison.Ordinal), "predict-help");
    }
}
