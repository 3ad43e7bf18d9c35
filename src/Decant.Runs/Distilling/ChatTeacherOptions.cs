using Decant.Teachers.Remote.Classifying;
using Decant.Teachers.Remote.Extracting;
using Decant.Teachers.Remote.Ranking;
using Decant.Teachers.Remote.Scoring;
using Decant.Teachers.Remote.Writing;

namespace Decant.Runs.Distilling;

/// <summary>How a chat model teaches from a prompt: a classifier, a tagger of words, a regression, or a language model; see <see cref="ModelSource.Of(Microsoft.Extensions.AI.IChatClient, ChatTeacherOptions)"/>.</summary>
public sealed record ChatTeacherOptions
{
    /// <summary>What identifies the model, its version included: answers of another are asked for anew.</summary>
    public required string Model { get; init; }

    /// <summary>A folder of stores in which every answer is kept; nothing that is there is asked again.</summary>
    public required string Answers { get; init; }

    /// <summary>The terms or licence under which the answers may train a model; they go into the model card.</summary>
    public required string Terms { get; init; }

    /// <summary>Of samples with classes: what it is asked, and how its answer becomes probabilities. Without classes: those of the samples. Null: the defaults.</summary>
    public ChatClassifierOptions? Ask { get; init; }

    /// <summary>Of sentences with tagged words: which spans it is asked for. Without types: those of the samples' tags. Null: the defaults.</summary>
    public ChatExtractorOptions? Extract { get; init; }

    /// <summary>Of texts with numbers: what it is asked to score, which is needed there.</summary>
    public ChatScorerOptions? Score { get; init; }

    /// <summary>Of pairs of texts with numbers, instead of <see cref="Score"/>: by what it ranks the second texts of each first text; null: it does not.</summary>
    public ChatRankerOptions? Rank { get; init; }

    /// <summary>Of prompts with completions: what it is asked to write of each prompt, which is needed there.</summary>
    public ChatWriterOptions? Write { get; init; }

    /// <summary>Of classes: whether its probabilities are calibrated on the labelled training samples; default: true.</summary>
    public bool Calibrate { get; init; } = true;

    /// <summary>How many requests are out at the same time; default: 8.</summary>
    public int Concurrency { get; init; } = 8;
}
