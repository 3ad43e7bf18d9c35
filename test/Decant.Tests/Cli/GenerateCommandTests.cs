namespace Decant.Tests.Cli;

public sealed class GenerateCommandTests : IDisposable
{
    private readonly CliRunner _cli = new() { In = "从前\n" };

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void One_continuation_is_shown_as_it_grows()
    {
        Assert.Equal(0, _cli.Run("generate", "models/a", "--prompt", "从前", "--max-tokens", "9", "--temperature", "0.8", "--top-k", "40", "--top-p", "0.9", "--repetition-penalty", "1.1", "--stop", "END", "--stop", "\n\n", "--seed", "7"));
        Assert.Equal("从前 有一只 cat.\n", _cli.Out);
        var (model, asked) = _cli.Jobs.Generated!.Value;
        Assert.Equal(("models/a", 9, 0.8, 40, 0.9, 1.1, 7L, 1), (model, asked.MaxNewTokens, asked.SamplingTemperature, asked.TopK, asked.TopP, asked.RepetitionPenalty, asked.Seed, asked.Count));
        Assert.Equal(["END", "\n\n"], asked.Stops);
    }

    [Fact]
    public void Several_continuations_are_numbered_and_JSON_has_a_line_each()
    {
        Assert.Equal(0, _cli.Run("generate", "models/a", "--prompt", "A", "--count", "2"));
        Assert.Equal("[1] A cat 1.\n\n[2] A cat 2.\n", _cli.Out);
        using var other = new CliRunner();
        Assert.Equal(0, other.Run("generate", "models/a", "--prompt", "从前", "--json"));
        Assert.Equal("{\"prompt\":\"从前\",\"text\":\" cat 1.\",\"tokens\":[3,1],\"end\":\"max-tokens\"}\n", other.Out);
    }

    [Fact]
    public void The_prompt_comes_from_a_file_or_from_what_comes_in()
    {
        Assert.Equal(0, _cli.Run("generate", "models/a"));
        Assert.Equal(["从前"], _cli.Jobs.Generated!.Value.Options.Prompts);
        Assert.Equal(0, _cli.Run("generate", "models/a", "--prompt-file", _cli.Write("p.txt", "One\ntwo\n")));
        Assert.Equal(["One\ntwo"], _cli.Jobs.Generated!.Value.Options.Prompts);
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
}
