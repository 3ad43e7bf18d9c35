using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Teachers.Remote.Asking;

namespace Decant.Teachers.Remote.Writing;

/// <summary>What a teacher is asked to write about each text: a summary, a translation, an answer.</summary>
public sealed record ChatWriterOptions : ChatRequestOptions
{
    /// <summary>The place of the text in <see cref="Prompt"/>.</summary>
    public const string TextPlace = "{text}";

    /// <summary>The instruction that stands first, such as <c>Summarise the text in one sentence.</c>; default (empty): none, and the text alone is the question.</summary>
    [Description("what the model is to write, such as: Summarise the text in one sentence.; default: the text alone is the question")]
    public string Instruction { get; init; } = "";

    /// <summary>The question, with <c>{text}</c> where the text goes; default: the text alone.</summary>
    [Description("question for each text, with {text} where it goes")]
    public string Prompt { get; init; } = TextPlace;

    /// <summary>Texts with what is to be written of them, shown before each question; default: none.</summary>
    [Description("texts with what is to be written of them, shown before each question; none of the test set")]
    public IReadOnlyList<ChatWritingExample> Examples { get; init; } = [];

    /// <summary>How many it writes of each text, of which equal ones count once; default: 1.</summary>
    [Description("how many it writes of each text, drawn at sample-temperature; equal ones count once")]
    [Range(1, 1000)]
    public int Samples { get; init; } = 1;

    /// <summary>The most tokens of an answer; one that is cut off there is not used. Default: 256.</summary>
    [Description("most tokens of an answer; one that is cut off there is not used")]
    [Range(1, 1_000_000)]
    public int MaxOutputTokens { get; init; } = 256;

    /// <summary>What stands between a text and what is written of it, where a student learns to go on with the one after the other; default: a space.</summary>
    [Description("what stands between a text and what is written of it, as the student reads them; as in the data's own completions")]
    public string Separator { get; init; } = " ";

    /// <summary>Also asks why, as a second task for the student; null, the default: does not.</summary>
    [Description("also asks for the reasons, which the student learns as a second task; default: not")]
    public ChatRationaleOptions? Rationale { get; init; }

    internal void Check()
    {
        Require(Prompt.Contains(TextPlace, StringComparison.Ordinal), $"prompt: expected {TextPlace} where the text goes, came none");
        Require(Samples is >= 1 and <= 1000, $"samples: expected 1 to 1,000, came {Samples}");
        Require(MaxOutputTokens >= 1, $"output tokens: expected 1 or more, came {MaxOutputTokens}");
        Require(Rationale is null || Examples.All(e => e.Rationale is not null), $"examples: reasons are asked for, and an example has none");
        Require(Rationale is null || Rationale.Prompt.Contains(TextPlace, StringComparison.Ordinal), $"rationale.prompt: expected {TextPlace} where the text goes, came none");
        Require(Rationale is null || Rationale.Prompt != TextPlace, $"rationale.prompt: expected words beside {TextPlace}, by which the student tells the two tasks apart");
        if (Fault() is { } fault)
            throw new DecantException($"texts from a prompt: {fault}.");
    }

    private static void Require(bool holds, FormattableString what)
    {
        if (!holds)
            throw new DecantException($"texts from a prompt: {FormattableString.Invariant(what)}.");
    }
}

/// <summary>Reasons as a second task: the student learns the answer from the text, and the reasons from the text with other words around it (Hsieh et al. 2023).</summary>
public sealed record ChatRationaleOptions
{
    /// <summary>What the model is to give as reasons; default: a sentence on why the answer is right.</summary>
    [Description("what the model is to give as reasons")]
    public string Instruction { get; init; } = "Give the reasons in one sentence.";

    /// <summary>What the student reads before the reasons, with <c>{text}</c> where the text goes; it needs other words beside it. Default: the text, and <c>Why?</c> on a line of its own.</summary>
    [Description("what the student reads before the reasons, with {text} where the text goes")]
    public string Prompt { get; init; } = "{text}\nWhy?";
}
