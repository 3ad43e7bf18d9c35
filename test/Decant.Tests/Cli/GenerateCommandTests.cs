using System.CommandLine;
using Decant.Cli.Commands;
using Decant.Cli.Rendering;
using Decant.Runs.Jobs.Generation;

namespace Decant.Tests.Cli;

public sealed class GenerateCommandTests : IDisposable
{
    private readonly CliRunner _cli = new() { In = "从前\n" };

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void One_continuation_is_shown_as_it_grows()
    {
        var output = new StringWriter { NewLine = "\n" };
        var view = new ContinuationsView(output, Request("--prompt", "从前"), asJson: false);
        Assert.Equal("", output.ToString());
        foreach (var piece in new[] { " 有", "一只", " cat." }) view.Show!(piece);
        Assert.Equal("从前 有一只 cat.", output.ToString());
        view.Finish([new("从前", " 有一只 cat.", [3, 1], "max-tokens")]);
        Assert.Equal("从前 有一只 cat.\n", output.ToString());
    }

    [Fact]
    public void A_reply_is_shown_without_the_message()
    {
        var output = new StringWriter { NewLine = "\n" };
        var asked = Request("--prompt", "从前", "--chat");
        Assert.True(asked.IsChat);
        Assert.False(Request("--prompt", "从前").IsChat);
        var view = new ContinuationsView(output, asked, asJson: false);
        foreach (var piece in new[] { "有", "猫" }) view.Show!(piece);
        view.Finish([new("从前", "有猫", [3, 1], "max-tokens")]);
        Assert.Equal("有猫\n", output.ToString());
    }

    [Fact]
    public void Options_say_how_tokens_are_chosen()
    {
        var asked = Request("--prompt", "从前", "--max-tokens", "9", "--temperature", "0.8", "--top-k", "40", "--top-p", "0.9", "--repetition-penalty", "1.1", "--stop", "END", "--stop", "\n\n", "--seed", "7");
        Assert.Equal((9, 0.8, 40, 0.9, 1.1, 7L, 1), (asked.MaxNewTokens, asked.SamplingTemperature, asked.TopK, asked.TopP, asked.RepetitionPenalty, asked.Seed, asked.Count));
        Assert.Equal(["END", "\n\n"], asked.Stops);
    }

    [Fact]
    public void Several_continuations_are_numbered_and_JSON_has_a_line_each()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var several = new ContinuationsView(output, Request("--prompt", "A", "--count", "2"), asJson: false);
        Assert.Null(several.Show);
        several.Finish([new("A", " cat 1.", [3, 1], "max-tokens"), new("A", " cat 2.", [3, 2], "max-tokens")]);
        Assert.Equal("[1] A cat 1.\n\n[2] A cat 2.\n", output.ToString());
        using var json = new StringWriter { NewLine = "\n" };
        var one = new ContinuationsView(json, Request("--prompt", "从前"), asJson: true);
        Assert.Null(one.Show);
        one.Finish([new("从前", " cat 1.", [3, 1], "max-tokens")]);
        Assert.Equal("{\"prompt\":\"从前\",\"text\":\" cat 1.\",\"tokens\":[3,1],\"end\":\"max-tokens\"}\n", json.ToString());
    }

    [Fact]
    public void The_prompt_comes_from_a_file_or_from_what_comes_in()
    {
        Assert.Equal(["从前"], Request().Prompts);
        Assert.Equal(["One\ntwo"], Request("--prompt-file", _cli.Write("p.txt", "One\ntwo\n")).Prompts);
        Assert.Equal(2, _cli.Run("generate", "models/a", "--prompt", "a", "--prompt-file", "b"));
        Assert.Contains("leave one of them out", _cli.Error);
    }

    [Theory]
    [InlineData("--top-p", "1.5", "--top-p: expected a number from 5E-324 to 1, came 1.5.")]
    [InlineData("--temperature", "-1", "--temperature: expected a number from 0 to 1000, came -1.")]
    [InlineData("--max-tokens", "0", "--max-tokens: expected a number from 1 to 10000000, came 0.")]
    public void Numbers_out_of_range_are_refused(string option, string value, string said)
    {
        Assert.Equal(2, _cli.Run("generate", "models/a", "--prompt", "a", option, value));
        Assert.Equal(said + "\n", _cli.Error);
    }

    /// <summary>What the command hands to the job.</summary>
    private GenerateRequest Request(params string[] args)
    {
        var arguments = new GenerateArguments();
        var command = new Command("generate");
        arguments.AddTo(command);
        var parse = command.Parse(["models/a", .. args]);
        Assert.Empty(parse.Errors);
        Assert.Equal("models/a", arguments.Model(parse));
        return arguments.Request(_cli.Services([]), parse);
    }
}
