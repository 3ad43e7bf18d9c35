using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Teachers.Remote.Asking;

namespace Decant.Teachers.Remote.Ranking;

/// <summary>What a teacher ranks lists of documents by, and how a place becomes a score.</summary>
public sealed record ChatRankerOptions : ChatRequestOptions
{
    /// <summary>By what it ranks; default: by how well the documents answer the query.</summary>
    [Description("by what the documents are ranked")]
    public string Instruction { get; init; } = "Rank the documents by how well they answer the query, the best one first.";

    /// <summary>How often each list is asked about, each time in another order, for models favour what they read first; the score of a document is the mean. Default: 1.</summary>
    [Description("how often each list is asked about, each time in another order of the documents; scores are the mean")]
    [Range(1, 1000)]
    public int Orders { get; init; } = 1;

    /// <summary>The most documents of a list, 2 to 100; default: 20. A longer one is refused.</summary>
    [Description("most documents of a list; a longer one is refused")]
    [Range(2, 100)]
    public int MostDocuments { get; init; } = 20;

    /// <summary>The score of the last place; default: 0.</summary>
    [Description("score of the last place")]
    public double From { get; init; }

    /// <summary>The score of the first place; default: 1. The places between lie between them, equally far apart.</summary>
    [Description("score of the first place; the others lie between, equally far apart")]
    public double To { get; init; } = 1;

    /// <summary>The most tokens of an answer; default: 512, enough for 100 numbers.</summary>
    [Description("most tokens of an answer with the places")]
    [Range(1, 1_000_000)]
    public int MaxOutputTokens { get; init; } = 512;

    internal void Check()
    {
        Require(!string.IsNullOrWhiteSpace(Instruction), $"instruction: expected by what is ranked, came nothing");
        Require(Orders is >= 1 and <= 1000, $"orders: expected 1 to 1,000, came {Orders}");
        Require(MostDocuments is >= 2 and <= 100, $"most documents: expected 2 to 100, came {MostDocuments}");
        Require(double.IsFinite(From) && double.IsFinite(To) && From < To, $"scale: expected two numbers, the lower one first, came from {From} to {To}");
        Require(MaxOutputTokens >= 1, $"output tokens: expected 1 or more, came {MaxOutputTokens}");
        Require(Fault() is null, $"{Fault()}");
    }

    private static void Require(bool holds, FormattableString what)
    {
        if (!holds)
            throw new DecantException($"ranking from a prompt: {FormattableString.Invariant(what)}.");
    }
}
