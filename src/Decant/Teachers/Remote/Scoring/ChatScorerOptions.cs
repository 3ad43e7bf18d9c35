using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Decant.Teachers.Remote.Asking;

namespace Decant.Teachers.Remote.Scoring;

/// <summary>What a teacher is asked to score, and how its answer becomes a number.</summary>
public sealed record ChatScorerOptions : ChatRequestOptions
{
    /// <summary>The places of the text and of the second text of a pair in <see cref="Prompt"/>.</summary>
    public const string TextPlace = "{text}", PairPlace = "{pair}";

    private const double Tolerance = 1e-6; // of a step
    private static readonly string[] s_answerPlaces = ["{score}", "{label}", "{answer}", "{target}"];

    /// <summary>What is to be scored, as a question or an instruction, such as <c>How similar in meaning are the two texts?</c></summary>
    [Description("what is to be scored, such as: How similar in meaning are the two texts?")]
    public required string Question { get; init; }

    /// <summary>The lowest number of the scale.</summary>
    [Description("lowest number of the scale")]
    public required double From { get; init; }

    /// <summary>The highest number of the scale.</summary>
    [Description("highest number of the scale")]
    public required double To { get; init; }

    /// <summary>How far neighbouring numbers of the scale are apart, counted from the lowest; null: every number between the ends is on it. Default: 1.</summary>
    [Description("distance of neighbouring numbers of the scale; null: every number between the ends")]
    [Range(1e-9, 1e9)]
    public double? Step { get; init; } = 1;

    /// <summary>What the ends of the scale mean, as the prompt says it; null: the numbers alone.</summary>
    [Description("what the ends of the scale mean")]
    public string? Meaning { get; init; }

    /// <summary>What is asked about, with <c>{text}</c> where the text goes and <c>{pair}</c> where the second one does; null, the default: the text, or both, one after the other.</summary>
    [Description("what is asked about, with {text}, and {pair} for the second text of pairs, where they go; default: the texts alone")]
    public string? Prompt { get; init; }

    /// <summary>Scored texts that are shown before each question; default: none.</summary>
    [Description("scored texts that are shown before each question; none of the test set")]
    public IReadOnlyList<ChatScoreExample> Examples { get; init; } = [];

    /// <summary>Where the score comes from; default: <see cref="ScoreEvidence.Logprobs"/>.</summary>
    [Description("where the score comes from: logprobs of the answer's token (whole numbers from 0 to 9), the mean of samples, or a number that the model states")]
    public ScoreEvidence Evidence { get; init; } = ScoreEvidence.Logprobs;

    /// <summary>How many of the most probable tokens are asked for, of <see cref="ScoreEvidence.Logprobs"/>; 2 to 100. Default: 20, the most that OpenAI gives.</summary>
    [Description("how many of the most probable tokens are asked for, with evidence: logprobs")]
    [Range(2, 100)]
    public int TopLogprobs { get; init; } = 20;

    /// <summary>How many samples, of <see cref="ScoreEvidence.Samples"/>; default: 5.</summary>
    [Description("how many answers to each text, with evidence: samples")]
    [Range(1, 1000)]
    public int Samples { get; init; } = 5;

    /// <summary>The most tokens of an answer; default: 32. Models that think before they answer need more.</summary>
    [Description("most tokens of an answer")]
    [Range(1, 1_000_000)]
    public int MaxOutputTokens { get; init; } = 32;

    internal bool IsOnScale(double number)
    {
        if (!(number >= From && number <= To))
            return false;
        return Step is not { } step || Math.Abs(((number - From) / step) - Math.Round((number - From) / step)) <= Tolerance;
    }

    internal void Check()
    {
        Require(!string.IsNullOrWhiteSpace(Question), $"question: expected what is to be scored, came nothing");
        Require(double.IsFinite(From) && double.IsFinite(To) && From < To, $"scale: expected two numbers, the lower one first, came from {From} to {To}");
        Require(Step is not { } step || (double.IsFinite(step) && step > 0 && step <= To - From), $"step: expected more than 0, and at most the length of the scale, came {Step}");
        Require(Step is null || IsOnScale(To), $"step: from {From} in steps of {Step} the scale does not come to {To}");
        Require(Evidence != ScoreEvidence.Logprobs || (IsWhole(From) && Step is { } whole && IsWhole(whole) && From >= 0 && To <= 9), $"evidence: logprobs needs whole numbers from 0 to 9, which are one token each, came from {From} to {To} in steps of {Step?.ToString(CultureInfo.InvariantCulture) ?? "any size"}. Take another scale, or samples, or stated");
        Require(Prompt?.Contains(TextPlace, StringComparison.Ordinal) != false, $"prompt: expected {TextPlace} where the text goes, came none");
        Require(Prompt is not { } prompt || !Array.Exists(s_answerPlaces, place => prompt.Contains(place, StringComparison.OrdinalIgnoreCase)), $"prompt: it has a place for the score, which the teacher must not see. Use {TextPlace} and {PairPlace} alone");
        Require(Examples.All(e => IsOnScale(e.Score)), $"examples: one has a score that is not on the scale");
        Require(TopLogprobs is >= 2 and <= 100, $"top logprobs: expected 2 to 100, came {TopLogprobs}");
        Require(Samples is >= 1 and <= 1000, $"samples: expected 1 to 1,000, came {Samples}");
        Require(MaxOutputTokens >= 1, $"output tokens: expected 1 or more, came {MaxOutputTokens}");
        Require(Fault() is null, $"{Fault()}");
    }

    private static bool IsWhole(double number) => number == Math.Floor(number);

    private static void Require(bool holds, FormattableString what)
    {
        if (!holds)
            throw new DecantException($"scorer from a prompt: {FormattableString.Invariant(what)}.");
    }
}
