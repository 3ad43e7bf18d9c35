using Decant.Data;
using Decant.Data.Batching;
using Decant.Evaluation.Language;
using Decant.Evaluation.Regression;
using Decant.Models.Configuration;
using Decant.Text.Tags;

namespace Decant.Evaluation.Prediction;

/// <summary>How the answers to the batches of a split are to be measured.</summary>
internal sealed record EvaluationTask
{
    /// <summary>The task; default: classification.</summary>
    public ModelTask Task { get; init; }

    /// <summary>The names of the tags of a token classification, in the order of the logits; other tasks need none.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>The scheme of the tags of a token classification; by default decided by their names.</summary>
    public TagScheme TagScheme { get; init; }

    /// <summary>How many UTF-8 bytes the tokens of a text spell that a language model predicts; null as a whole, or for a text, where that is not known. The number in a batch takes precedence.</summary>
    public Func<SampleId, long?>? BytesOf { get; init; }

    /// <summary>
    /// The documents or blocks that the windows of a language model's running text belong to, which intervals draw; null where samples are texts of their own. Batches must then
    /// say where in the text they stand (<see cref="Batch.FirstLabels"/>), as those of packed and of contiguous text do.
    /// </summary>
    public TextUnits? Units { get; init; }

    /// <summary>Whether recurrent models keep their state from a batch to the one that continues it; false.</summary>
    public bool CarriesState { get; init; }

    /// <summary>Of any number of labels: the probability of each from which on a sample has it; null: 0.5.</summary>
    public IReadOnlyList<double>? Thresholds { get; init; }

    /// <summary>Whether samples are queries with documents, which a regression or an embedding puts in order; false.</summary>
    public bool IsRanking { get; init; }

    /// <summary>The scores that BM25 gives the documents of a query, which a model is to beat; null: samples are no queries with documents, or it is not compared.</summary>
    public Func<SampleId, double[]?>? WordScores { get; init; }

    /// <summary>The headline correlation of a regression; default: Pearson's.</summary>
    public CorrelationKind Correlation { get; init; }
}
