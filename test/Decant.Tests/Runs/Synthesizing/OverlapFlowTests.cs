using System.Text.Json.Nodes;
using Decant.Tests.Cli;

namespace Decant.Tests.Runs.Synthesizing;

/// <summary><c>decant overlap</c> on files as people have them.</summary>
public sealed class OverlapFlowTests : IDisposable
{
    private const string Long = "the quick brown fox jumps over the lazy dog while seven tired wizards watch from behind a very old wall";
    private static readonly string s_quoting = "They say that " + string.Join(' ', Long.Split(' ')[..13]) + " or so I have been told by my late uncle Henry in Kent";
    private readonly CliRunner _cli = new();

    public OverlapFlowTests()
    {
        _cli.Write("train.csv", $"id,text,label\n1,An apple a day,x\n2,{Long.Replace("lazy", "dead", StringComparison.Ordinal)},y\n3,nothing like it at all,x\n4,{s_quoting},y\n5,an apple a DAY!,x\n");
        _cli.Write("test.jsonl", $"{{\"text\": \"an apple, a day\"}}\n{{\"text\": \"{Long}\"}}\n{{\"text\": \"only here\"}}\n");
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void The_table_counts_rows_of_both_files_and_shows_the_worst()
    {
        Assert.True(_cli.Run("overlap", At("train.csv"), "--with", At("test.jsonl")) == 0, _cli.Error);
        var shown = Workplace.Words(_cli.Out);
        Assert.Contains("train.csv test.jsonl 5 2 1 1 4 (80.00 %)", shown, StringComparison.Ordinal);
        Assert.Contains("test.jsonl train.csv 3 1 1 0 2 (66.67 %)", shown, StringComparison.Ordinal);
        Assert.Contains("the same DIR/train.csv:2 An apple a day DIR/test.jsonl:1 an apple, a day", shown, StringComparison.Ordinal);
        Assert.Contains("near, similarity 0.", shown, StringComparison.Ordinal);
        Assert.Contains("passage, ", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Fail_exits_with_2_where_anything_overlaps_and_JSON_has_the_same_counts()
    {
        _cli.Write("other.txt", "a line of its own\n\nand another one\n");
        Assert.Equal(0, _cli.Run("overlap", At("train.csv"), "--with", At("other.txt"), "--fail", "--json"));
        var none = JsonNode.Parse(_cli.Out)!;
        Assert.Equal((2, 0), ((int)none["files"]![0]!["rows"]!, (int)none["files"]![0]!["train-rows"]!["near"]!));
        Assert.Equal(2, _cli.Run("overlap", At("train.csv"), "--with", At("other.txt"), "--with", At("test.jsonl"), "--fail", "--examples", "1"));
    }

    [Theory]
    [InlineData("0.5", "0", "5 2 1 0")]
    [InlineData("1", "0", "5 2 0 0")]
    [InlineData("1", "5", "5 2 0 2")]
    public void Thresholds_are_the_users(string near, string ngram, string expected)
    {
        Assert.Equal(0, _cli.Run("overlap", At("train.csv"), "--with", At("test.jsonl"), "--near", near, "--ngram", ngram));
        Assert.Contains($"train.csv test.jsonl {expected}", Workplace.Words(_cli.Out), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_of_labels_and_texts_pairs_and_named_columns_are_read()
    {
        _cli.Write("lines.txt", string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 2} sentence number {i} of the lines\n")));
        _cli.Write("columns.csv", "question,other\nsentence number 7 of the lines,a\nsentence that is not there,b\n");
        Assert.Equal(0, _cli.Run("overlap", At("lines.txt"), "--with", At("columns.csv"), "--text", "question", "--near", "1"));
        Assert.Contains("60 1 0 0 1 (1.67 %)", Workplace.Words(_cli.Out), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none.csv", "none.csv")]
    [InlineData("numbers.csv", "no column looks like the text alone")]
    public void Files_that_cannot_be_compared_are_refused(string name, string expected)
    {
        _cli.Write("numbers.csv", "a,b,c\n1,2,3\n4,5,6\n");
        Assert.Equal(2, _cli.Run("overlap", At("train.csv"), "--with", At(name)));
        Assert.Contains(expected, _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_threshold_out_of_range_is_refused()
    {
        Assert.Equal(2, _cli.Run("overlap", At("train.csv"), "--with", At("test.jsonl"), "--near", "0.2"));
        Assert.Contains("Near", _cli.Error, StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(_cli.Folder, name);
}
