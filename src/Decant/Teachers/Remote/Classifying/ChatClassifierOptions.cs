using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Teachers.Remote.Asking;

namespace Decant.Teachers.Remote.Classifying;

/// <summary>What a teacher is asked, and how its answer becomes probabilities.</summary>
public sealed record ChatClassifierOptions : ChatRequestOptions
{
    /// <summary>The place of the text in <see cref="Prompt"/>.</summary>
    public const string TextPlace = "{text}";

    private static readonly string[] s_labelPlaces = ["{label}", "{class}", "{answer}", "{labels}"];

    /// <summary>The classes, two or more, with different names.</summary>
    [Description("the classes, with what each is; default: those of the data by their names alone")]
    public IReadOnlyList<ChatClass> Classes { get; init; } = [];

    /// <summary>The question, with <c>{text}</c> where the text goes; default: the text alone. The list of classes and the form of the answer are added.</summary>
    [Description("question for each text, with {text} where it goes")]
    public string Prompt { get; init; } = TextPlace;

    /// <summary>The instruction that stands first, before the list of classes; default: that it classifies texts.</summary>
    [Description("instruction that stands before the list of classes")]
    public string Instruction { get; init; } = "Classify the text into exactly one of the classes.";

    /// <summary>Classified texts that are shown before each question; default: none.</summary>
    [Description("classified texts that are shown before each question; none of the test set")]
    public IReadOnlyList<ChatExample> Examples { get; init; } = [];

    /// <summary>Where the probabilities come from; default: <see cref="ClassEvidence.Logprobs"/>.</summary>
    [Description("where probabilities come from: logprobs of the answer's token, samples, or the confidence that the model states")]
    public ClassEvidence Evidence { get; init; } = ClassEvidence.Logprobs;

    /// <summary>How many of the most probable tokens are asked for, of <see cref="ClassEvidence.Logprobs"/>; 2 to 100. Default: 20, the most that OpenAI gives.</summary>
    [Description("how many of the most probable tokens are asked for, with evidence: logprobs")]
    [Range(2, 100)]
    public int TopLogprobs { get; init; } = 20;

    /// <summary>How many samples, of <see cref="ClassEvidence.Samples"/>; default: 5.</summary>
    [Description("how many answers to each text, with evidence: samples")]
    [Range(1, 1000)]
    public int Samples { get; init; } = 5;

    /// <summary>The most tokens of an answer; default: 16, and 64 where the confidence is stated. Models that think before they answer need more.</summary>
    [Description("most tokens of an answer; default: 16, and 64 with evidence: stated")]
    [Range(1, 1_000_000)]
    public int? MaxOutputTokens { get; init; }

    /// <summary>
    /// Whether the teacher answers with a letter for each class instead of its name; default (null): with letters where two names begin with the same character, because then the first token of an answer may
    /// not say which. Of <see cref="ClassEvidence.Logprobs"/> only.
    /// </summary>
    [Description("answers by a letter for each class instead of its name, with evidence: logprobs; default: where two names begin alike")]
    public bool? Letters { get; init; }

    internal int OutputTokens => MaxOutputTokens ?? (Evidence == ClassEvidence.Stated ? 64 : 16);

    internal void Check()
    {
        Require(Classes.Count >= 2, $"classes: expected two or more, came {Classes.Count}");
        Require(Classes.All(c => !string.IsNullOrWhiteSpace(c.Name) && c.Name.Trim() == c.Name && !c.Name.Contains('\n', StringComparison.Ordinal)), $"classes: expected a name on one line, without space around it, for each");
        Require(Classes.All(c => AnswerText.Bare(c.Name).Length > 0), $"classes: expected names with a letter or a digit");
        Require(Classes.DistinctBy(c => AnswerText.Bare(c.Name).ToUpperInvariant()).Count() == Classes.Count, $"classes: expected different names, also without regard to case and to signs around them; some are there twice");
        Require(Prompt.Contains(TextPlace, StringComparison.Ordinal), $"prompt: expected {TextPlace} where the text goes, came none");
        Require(!s_labelPlaces.Any(place => Prompt.Contains(place, StringComparison.OrdinalIgnoreCase)), $"prompt: it has a place for the label, which the teacher must not see. Use {TextPlace} alone");
        Require(Examples.All(e => Classes.Any(c => c.Name == e.Class)), $"examples: one is of a class that is not among the classes");
        Require(TopLogprobs is >= 2 and <= 100, $"top logprobs: expected 2 to 100, came {TopLogprobs}");
        Require(Samples is >= 1 and <= 1000, $"samples: expected 1 to 1,000, came {Samples}");
        Require(MaxOutputTokens is null or >= 1, $"output tokens: expected 1 or more, came {MaxOutputTokens}");
        Require(Fault() is null, $"{Fault()}");
    }

    private static void Require(bool holds, FormattableString what)
    {
        if (!holds)
            throw new DecantException($"classifier from a prompt: {FormattableString.Invariant(what)}.");
    }
}
