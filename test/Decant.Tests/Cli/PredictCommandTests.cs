using System.CommandLine;
using System.Text.Json.Nodes;
using Decant.Cli.Commands;
using Decant.Export;
using Decant.Models;
using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Runs.Jobs.Prediction;
using Decant.Text.Files;
using Decant.Torch;

namespace Decant.Tests.Cli;

public sealed class PredictCommandTests : IDisposable
{
    private readonly CliRunner _cli = new() { In = "从前\nsecond\n" };

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Lines_are_the_arguments_or_a_file_or_what_comes_in()
    {
        var (options, lines) = Read("one", "two\twords", "--batch", "7", "--top", "3");
        Assert.Equal((7, (int?)3, false), (options.BatchSize, options.Top, options.AreJson));
        Assert.Equal([(1L, "one"), (2L, "two\twords")], lines.Select(l => (l.Number, l.Text)));

        (options, lines) = Read();
        Assert.Equal([(1L, "从前"), (2L, "second")], lines.Select(l => (l.Number, l.Text)));
        Assert.Equal((32, null, 1), (options.BatchSize, options.Top, options.ReadAhead));

        (options, lines) = Read("--file", _cli.Write("p.txt", "\uFEFFeins\r\nzwei"));
        Assert.Equal([(1L, "eins"), (2L, "zwei")], lines.Select(l => (l.Number, l.Text)));
        Assert.Equal(16, options.ReadAhead);
    }

    [Theory]
    [InlineData("a.jsonl", true)]
    [InlineData("a.NDJSON", true)]
    [InlineData("a.txt", false)]
    public void A_file_says_by_its_name_whether_its_lines_are_JSON(string name, bool areJson)
    {
        Assert.Equal(areJson, Read("--file", _cli.Write(name, "{}\n")).Options.AreJson);
        Assert.True(Read("--jsonl").Options.AreJson);
    }

    [Fact]
    public void Lines_that_could_not_be_answered_are_told_at_the_end_and_by_the_exit_code()
    {
        var model = Model();
        Assert.Equal(2, _cli.Run("predict", model, "--file", _cli.Write("p.txt", "one\n\nthree\n")));
        var answers = _cli.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!.AsObject()).ToArray();
        Assert.Equal([true, false, true], answers.Select(a => a.ContainsKey("prediction")));
        Assert.Equal([false, true, false], answers.Select(a => a.ContainsKey("error")));
        Assert.Equal($"1 of 3 lines could not be answered and say 'error' instead; the first is {answers[1]["error"]}.\n", _cli.Error);
        using var other = new CliRunner { In = "从前\nsecond\n" };
        Assert.Equal(0, other.Run("predict", model));
        Assert.Equal(("", 2), (other.Error, other.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
    }

    [Fact]
    public void A_file_that_is_not_there_is_told_where_it_was_looked_for()
    {
        Assert.Equal(2, _cli.Run("predict", Model(), "--file", Path.Combine(_cli.Folder, "none.txt")));
        Assert.Equal("DIR/none.txt: there is no such file (looked for DIR/none.txt); check the path, or fetch the data.\n", _cli.Error);
    }

    [Theory]
    [InlineData("--batch: expected a number of at least 1, came 0.", "--batch", "0")]
    [InlineData("--top: expected a number of at least 1, came -1.", "--top", "-1")]
    [InlineData("Texts and --file both say what is to be answered: leave one of them out.", "a", "--file", "b")]
    public void Arguments_that_are_wrong_are_told(string said, params string[] args)
    {
        Assert.Equal(2, _cli.Run(["predict", "models/a", .. args]));
        Assert.Equal(said + "\n", _cli.Error);
    }

    [Fact]
    public void Help_says_what_a_line_may_be()
    {
        Assert.Equal(0, _cli.Run("predict", "--help"));
        // The usage names the program that runs, which is the tests' own here.
        Approved.Check(_cli.Out.Replace($"{System.CommandLine.RootCommand.ExecutableName} predict", "decant predict", StringComparison.Ordinal), "predict-help");
    }

    /// <summary>What the command hands to the job.</summary>
    private (PredictRequest Options, IReadOnlyList<PredictLine> Lines) Read(params string[] args)
    {
        var arguments = new PredictArguments();
        var command = new Command("predict");
        arguments.AddTo(command);
        var parse = command.Parse(["models/a", .. args]);
        Assert.Empty(parse.Errors);
        Assert.Equal("models/a", arguments.Model(parse));
        return (arguments.Request(parse), [.. arguments.Lines(_cli.Services([]), parse)]);
    }

    /// <summary>The folder of a small random classifier with its tokenizer.</summary>
    private string Model()
    {
        var (folder, tokenizer) = (Path.Combine(_cli.Folder, "model"), TokenizerFile.Load(Path.Combine(AppContext.BaseDirectory, "Golden", "tokenizers", "wordpiece")));
        using var generator = new Generator(3);
        var context = new ModelContext
        {
            Task = ModelTask.Classification,
            Classes = 2,
            ClassNames = ["good", "bad"],
            VocabularySize = tokenizer.VocabularySize,
            PadToken = tokenizer.Special.Filler,
            MaxTokens = 32,
        };
        using var model = ModelFamilies.All.Single(f => f.Kind == "encoder").Create(new BertOptions { Layers = 1, Hidden = 16, Heads = 2 }, context, generator);
        ModelFolder.Save(folder, model);
        TokenizerFile.Save(tokenizer, folder, context.MaxTokens);
        return folder;
    }
}
