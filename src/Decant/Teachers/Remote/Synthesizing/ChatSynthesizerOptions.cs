using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Teachers.Remote.Classifying;

namespace Decant.Teachers.Remote.Synthesizing;

/// <summary>What a chat model is to write.</summary>
public sealed record ChatSynthesizerOptions
{
    /// <summary>What the texts are: who writes them, to whom, about what.</summary>
    [Description("what the texts are: who writes them, to whom, about what")]
    public required string Instruction { get; init; }

    /// <summary>The classes, each of which gets as many rows; default: none, the rows have no class.</summary>
    [Description("classes, with what each is; each gets as many rows. Default: rows without a class")]
    public IReadOnlyList<ChatClass> Classes { get; init; } = [];

    /// <summary>How many rows in all; classes differ by one at most.</summary>
    [Description("rows in all, the same number of each class")]
    [Range(1, 10_000_000)]
    public required int Rows { get; init; }

    /// <summary>How many texts a request asks for; default: 10.</summary>
    [Description("texts that a request asks for")]
    [Range(1, 200)]
    public int PerRequest { get; init; } = 10;

    /// <summary>How many examples a request shows, drawn anew for each; default: 4.</summary>
    [Description("examples that a request shows, drawn anew for each")]
    [Range(0, 100)]
    public int Shown { get; init; } = 4;

    /// <summary>The sampling temperature; null: the server's own. Default: 1.</summary>
    [Description("sampling temperature; null: none is sent, for models that take none")]
    [Range(0.0, 100.0)]
    public double? Temperature { get; init; } = 1;

    /// <summary>The random seed: of the examples that are drawn, and, with the request's number added, of the requests. Default: 0.</summary>
    [Description("random seed, of the examples that are drawn and of the requests")]
    [Range(0, int.MaxValue)]
    public long Seed { get; init; }

    /// <summary>The most tokens of an answer; default: 2,048.</summary>
    [Description("most tokens of an answer")]
    [Range(1, 1_000_000)]
    public int MaxOutputTokens { get; init; } = 2048;

    /// <summary>After how many rounds in a row without a new row a class is given up; default: 3.</summary>
    [Description("rounds in a row without a new row, after which a class is given up")]
    [Range(1, 1000)]
    public int Patience { get; init; } = 3;

    internal void Check()
    {
        Require(!string.IsNullOrWhiteSpace(Instruction), "instruction: expected what the texts are, came nothing");
        Require(Classes.All(c => !string.IsNullOrWhiteSpace(c.Name) && c.Name.Trim() == c.Name && !c.Name.Contains('\n', StringComparison.Ordinal)), "classes: expected a name on one line, without space around it, for each");
        Require(Classes.DistinctBy(c => c.Name.ToUpperInvariant()).Count() == Classes.Count, "classes: expected different names; one is there twice");
        Require(Rows >= Math.Max(1, Classes.Count), $"rows: expected one of each class at least, came {Rows}");
        this.Checked();
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
            throw new DecantException($"synthetic inputs: {what}.");
    }
}
