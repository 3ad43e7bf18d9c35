using System.ComponentModel;
using Decant.Teachers.Remote.Classifying;
using Decant.Teachers.Remote.Extracting;
using Decant.Teachers.Remote.Ranking;
using Decant.Teachers.Remote.Scoring;
using Decant.Teachers.Remote.Writing;

namespace Decant.Runs.Recipes.Schema;

/// <summary>A chat model that classifies texts, finds spans in them or scores them from a prompt, and so is the teacher of a classification, a token classification or a regression.</summary>
internal sealed record ChatSection : ChatAccess
{
    /// <summary>Of a classification: what it is asked, and how its answer becomes probabilities; null: the defaults.</summary>
    [Description("of a classification: what the model is asked, and how its answer becomes probabilities")]
    public ChatClassifierOptions? Ask { get; init; }

    /// <summary>Of a token classification: which spans it is asked for, and how they become tags; null: the defaults.</summary>
    [Description("of a token classification: which spans the model is asked for, and how they become tags of words")]
    public ChatExtractorOptions? Extract { get; init; }

    /// <summary>Of a regression: what it is asked to score, which a regression needs; null: nothing.</summary>
    [Description("of a regression: what the model is asked to score, and how its answer becomes a number; needed there")]
    public ChatScorerOptions? Score { get; init; }

    /// <summary>Of a regression of pairs, instead of <see cref="Score"/>: by what it ranks the second texts of each first text; null: it does not.</summary>
    [Description("of a regression of pairs, instead of score: by what the model ranks the second texts (documents) of each first text (query), all at once; places become scores")]
    public ChatRankerOptions? Rank { get; init; }

    /// <summary>Of a causal language model: what it is asked to write of each prompt, which the student learns to write; null: nothing.</summary>
    [Description("of a causal language model: what the model is asked to write of each prompt, which the student learns to write; needed there")]
    public ChatWriterOptions? Write { get; init; }

    /// <summary>Of a classification: whether probabilities are calibrated on the labelled training samples that the student may see; default: true.</summary>
    [Description("of a classification: calibrate the probabilities on the labelled training samples (one temperature)")]
    public bool Calibrate { get; init; } = true;

    /// <summary>Asks in rounds about what a student is unsure of, instead of about all training texts; null, the default: about all.</summary>
    [Description("active learning: ask in rounds about the training texts that the student is least sure of; default: about all")]
    public ChatRounds? Rounds { get; init; }
}
