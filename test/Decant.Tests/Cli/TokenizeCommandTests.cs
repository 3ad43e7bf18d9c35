using System.Text.Json.Nodes;
using Decant.Cli.Rendering;
using Decant.Runs.Jobs.Tokenizing;

namespace Decant.Tests.Cli;

public sealed class TokenizeCommandTests : IDisposable
{
    private readonly CliRunner _cli = new() { In = "soup\n\u001b[31mred\n" };

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Tokens_stand_in_a_table_for_each_text()
    {
        TokenizeView.Write(_cli.Services([]).Console.Value, [Line("soup"), Line("从前有")]);
        Approved.Check(_cli.Out, "tokenize");
    }

    [Fact]
    public void Programs_get_an_object_on_every_line()
    {
        TokenizeView.WriteJson(_cli.Services([]).Out, [Line("soup")]);
        Assert.Equal("{\"text\":\"soup\",\"ids\":[101,7,2100,102],\"tokens\":[\"[CLS]\",\"s\",\"##oup\",\"[SEP]\"],\"offsets\":[[0,0],[0,1],[1,4],[0,0]],\"type_ids\":[0,0,0,0]}\n", _cli.Out);
    }

    [Fact]
    public void No_escape_of_a_token_reaches_the_terminal()
    {
        TokenizeView.Write(_cli.Services([]).Console.Value, [Line("\u001b[31mred")]);
        Assert.Contains("\\u001b", _cli.Out);
        Assert.DoesNotContain("\u001b", _cli.Out);
    }

    [Fact]
    public void What_comes_in_is_tokenized_line_by_line()
    {
        var tokenizer = Path.Combine(AppContext.BaseDirectory, "Golden", "tokenizers", "wordpiece");
        Assert.Equal(0, _cli.Run("tokenize", tokenizer, "--json"));
        Assert.Equal(["soup", "\u001b[31mred"], _cli.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => (string)JsonNode.Parse(l)!["text"]!));
        Assert.DoesNotContain("\u001b", _cli.Out);
        using var other = new CliRunner { In = "soup\nred\n" };
        Assert.Equal(0, other.Run("tokenize", tokenizer));
        Assert.Equal(2, other.Out.Split('\n').Count(line => line.EndsWith(" tokens", StringComparison.Ordinal)));
    }

    [Fact]
    public void Texts_and_a_file_contradict_each_other()
    {
        Assert.Equal(2, _cli.Run("tokenize", "models/a", "soup", "--file", "x.txt"));
        Assert.Equal("Texts and --file both say what is to be tokenized: leave one of them out.\n", _cli.Error);
    }

    private static TokenizedLine Line(string text) => new(text, null,
    [
        new(101, "[CLS]", 0, 0, 0, true, ""),
        new(7, text[..1], 0, 1, 0, false, text[..1]),
        new(2100, "##" + text[1..], 1, text.Length, 0, false, text[1..]),
        new(102, "[SEP]", 0, 0, 0, true, ""),
    ]);
}
