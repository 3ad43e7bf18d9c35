namespace Decant.Tests.Cli;

public sealed class TokenizeCommandTests : IDisposable
{
    private readonly CliRunner _cli = new() { In = "soup\n\u001b[31mred\n" };

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Tokens_stand_in_a_table_for_each_text()
    {
        Assert.Equal(0, _cli.Run("tokenize", "models/a", "soup", "从前有"));
        Approved.Check(_cli.Out, "tokenize");
    }

    [Fact]
    public void Programs_get_an_object_on_every_line()
    {
        Assert.Equal(0, _cli.Run("tokenize", "models/a", "soup", "--json"));
        Assert.Equal("{\"text\":\"soup\",\"ids\":[101,7,2100,102],\"tokens\":[\"[CLS]\",\"s\",\"##oup\",\"[SEP]\"],\"offsets\":[[0,0],[0,1],[1,4],[0,0]],\"type_ids\":[0,0,0,0]}\n", _cli.Out);
    }

    [Fact]
    public void What_comes_in_is_tokenized_line_by_line_and_no_escape_reaches_the_terminal()
    {
        Assert.Equal(0, _cli.Run("tokenize", "models/a"));
        Assert.Contains("\\u001b", _cli.Out);
        Assert.DoesNotContain("\u001b", _cli.Out);
    }

    [Fact]
    public void Texts_and_a_file_contradict_each_other()
    {
        Assert.Equal(2, _cli.Run("tokenize", "models/a", "soup", "--file", "x.txt"));
        Assert.Equal("Texts and --file both say what is to be tokenized: leave one of them out.\n", _cli.Error);
    }
}
