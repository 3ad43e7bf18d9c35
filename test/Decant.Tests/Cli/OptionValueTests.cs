using System.CommandLine;
using Decant.Cli;
using Decant.Cli.Hosting;

namespace Decant.Tests.Cli;

/// <summary>What every option of every command says to a value that it cannot take.</summary>
public sealed class OptionValueTests : IDisposable
{
    private readonly CliRunner _cli = new();

    public void Dispose() => _cli.Dispose();

    public static TheoryData<string> Options()
    {
        using var cli = new CliRunner();
        return [.. Of(Entry.Root(cli.Services([])), "")];
    }

    [Theory, MemberData(nameof(Options))]
    public void A_value_that_cannot_be_is_refused_with_what_can(string commandAndOption)
    {
        var words = commandAndOption.Split(' ');
        Assert.Equal(ExitCodes.BadInput, _cli.Run([.. words[..^1], $"{words[^1]}=abc"]));
        Assert.StartsWith($"{words[^1]}: expected ", _cli.Error);
        Assert.Contains(", came 'abc'.\n", _cli.Error);
        Assert.DoesNotContain("System.", _cli.Error);
        Assert.DoesNotContain("Decant.", _cli.Error);
    }

    [Theory]
    [InlineData("--normalize: expected false or true, came 'yes'.", "import", "x.onnx", "--normalize", "yes")]
    [InlineData("--rows: expected float16, float32 or int8, came 'int4'.", "export", "x", "--to", "model2vec", "--out", "y", "--rows", "int4")]
    [InlineData("--to: expected csharp, gguf, model2vec or onnx, came 'ggml'.", "export", "x", "--to", "ggml")]
    [InlineData("--dimensions: expected a whole number, came '1.5'.", "evaluate", "x", "--dimensions", "64", "1.5")]
    [InlineData("--samples: expected a number of at least 1, came 0.", "export", "x", "--quantize", "int8", "--samples", "0")]
    [InlineData("--dimensions: expected a number of at least 1, came -3.", "export", "x", "--to", "model2vec", "--out", "y", "--dimensions", "-3")]
    public void So_are_those_of_the_words_that_a_user_writes(string expected, params string[] args)
    {
        Assert.Equal(ExitCodes.BadInput, _cli.Run(args));
        Assert.Equal($"{expected}\n'decant {args[0]} --help' shows how it is used.\n", _cli.Error);
    }

    [Theory]
    [InlineData("--recipe is for ONNX files", "export", "x", "--to", "model2vec", "--out", "y", "--recipe", "a.yaml")]
    [InlineData("--samples is for ONNX files", "export", "x", "--to", "model2vec", "--out", "y", "--samples", "5")]
    [InlineData("--samples is for ranges that are found from samples, which the form int8 alone has", "export", "x", "--quantize", "int8-dynamic", "--samples", "5")]
    [InlineData("--set overrides keys of a recipe, and --queries measures a search", "evaluate", "x", "--queries", "q", "--documents", "d", "--relevance", "r", "--set", "a=b")]
    [InlineData("--dimensions: expected a number from 1 to the width of the vectors, came 0", "evaluate", "x", "--queries", "q", "--documents", "d", "--relevance", "r", "--dimensions", "0")]
    [InlineData("--dimensions: expected a number from 1 to the width of the vectors, came -1", "compare", "x", "y", "--queries", "q", "--documents", "d", "--relevance", "r", "--dimensions", "8", "-1")]
    public void Options_that_would_do_nothing_are_refused(string expected, params string[] args)
    {
        Assert.Equal(ExitCodes.BadInput, _cli.Run(args));
        Assert.StartsWith(expected, _cli.Error);
    }

    [Theory]
    [InlineData("--json: 'predict' has no such option. To give it as a text, put -- before the texts.", "predict", "x", "a text", "--json")]
    [InlineData("--bogus=3: 'tokenize' has no such option", "tokenize", "x", "--bogus=3")]
    public void An_option_that_there_is_not_is_no_text(string expected, params string[] args)
    {
        Assert.Equal(ExitCodes.BadInput, _cli.Run(args));
        Assert.StartsWith(expected, _cli.Error);
        Assert.NotEqual(ExitCodes.Success, _cli.Run([.. args[..2], "--", args[^1]])); // a text; the model is not there
        Assert.DoesNotContain("has no such option", _cli.Error[expected.Length..]);
    }

    private static IEnumerable<string> Of(Command command, string path) =>
    [
        .. command.Options.Where(o => o.Action is null && (OptionValues.Expected(o) ?? (o.Name == "--seeds" ? "" : null)) is not null).Select(o => $"{path}{o.Name}"),
        .. command.Subcommands.SelectMany(c => Of(c, $"{path}{c.Name} ")),
    ];
}
