using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Teachers.Remote.Asking;
using Decant.Teachers.Remote.Classifying;

namespace Decant.Teachers.Remote.Extracting;

/// <summary>What a teacher is asked to find in texts, and how its answers become tags of words.</summary>
public sealed record ChatExtractorOptions : ChatRequestOptions
{
    /// <summary>The place of the text in <see cref="Prompt"/>.</summary>
    public const string TextPlace = "{text}";

    /// <summary>The types of spans, one or more, with different names.</summary>
    [Description("the types of spans, with what each is; default: those of the data's tags by their names alone")]
    public IReadOnlyList<ChatClass> Types { get; init; } = [];

    /// <summary>The question, with <c>{text}</c> where the text goes; default: the text alone. The list of types and the form of the answer are added.</summary>
    [Description("question for each text, with {text} where it goes")]
    public string Prompt { get; init; } = TextPlace;

    /// <summary>The instruction that stands first, before the list of types; default: to find all spans of the types.</summary>
    [Description("instruction that stands before the list of types")]
    public string Instruction { get; init; } = "Find all parts of the text that are of one of the types.";

    /// <summary>Texts with their spans that are shown before each question; default: none.</summary>
    [Description("texts with their spans that are shown before each question; none of the test set")]
    public IReadOnlyList<ChatExtractionExample> Examples { get; init; } = [];

    /// <summary>k, how many answers to each text; with several, the probability of a word's tag is its share of the answers that can be read. Default: 1.</summary>
    [Description("how many answers to each text; of several, a tag's probability is its share")]
    [Range(1, 1000)]
    public int Samples { get; init; } = 1;

    /// <summary>ε: a tag of the share s has the probability (1 − ε)·s + ε / C. Default: 0, so that a single answer is certain.</summary>
    [Description("probability that is divided among all tags, so that a single answer is not certain")]
    [Range(0.0, 0.99)]
    public double Smoothing { get; init; }

    /// <summary>What becomes of a span that begins or ends within a word; default: it is widened.</summary>
    [Description("what becomes of a span that begins or ends within a word: widened to the word, or the answer is refused")]
    public CutWords CutWords { get; init; }

    /// <summary>The most tokens of an answer; default: 512. Models that think before they answer need more.</summary>
    [Description("most tokens of an answer")]
    [Range(1, 1_000_000)]
    public int MaxOutputTokens { get; init; } = 512;

    internal void Check()
    {
        Require(Types.Count >= 1, $"types: expected one or more, came none");
        Require(Types.All(t => !string.IsNullOrWhiteSpace(t.Name) && t.Name.Trim() == t.Name && !t.Name.Contains('\n', StringComparison.Ordinal)), $"types: expected a name on one line, without space around it, for each");
        Require(Types.DistinctBy(t => t.Name.ToUpperInvariant()).Count() == Types.Count, $"types: expected different names, also without regard to case; some are there twice");
        Require(Prompt.Contains(TextPlace, StringComparison.Ordinal), $"prompt: expected {TextPlace} where the text goes, came none");
        Require(Samples is >= 1 and <= 1000, $"samples: expected 1 to 1,000, came {Samples}");
        Require(Smoothing is >= 0 and < 1, $"smoothing: expected 0 or more, and less than 1, came {Smoothing}");
        Require(MaxOutputTokens >= 1, $"output tokens: expected 1 or more, came {MaxOutputTokens}");
        Require(Fault() is null, $"{Fault()}");
    }

    private static void Require(bool holds, FormattableString what)
    {
        if (!holds)
            throw new DecantException($"extractor from a prompt: {FormattableString.Invariant(what)}.");
    }
}
