using Decant.Models.Configuration;

namespace Decant.Evaluation;

/// <summary>What a figure is counted in.</summary>
internal enum MetricUnit
{
    /// <summary>A share from 0 to 1, printed as per cent; differences are percentage points.</summary>
    Share,

    /// <summary>A correlation or cosine from −1 to 1.</summary>
    Correlation,

    /// <summary>Natural logarithms.</summary>
    Nats,

    /// <summary>Binary logarithms for each byte of UTF-8 text.</summary>
    BitsPerByte,

    /// <summary>e to the nats: how many equally likely choices.</summary>
    Choices,

    /// <summary>The unit of the data.</summary>
    Data,
}

/// <summary>A figure that a model is measured by, and that a run may select its best checkpoint by.</summary>
/// <param name="Name">Its name in recipes, records and summaries.</param>
/// <param name="HigherIsBetter">Whether more is better.</param>
/// <param name="Unit">What it is counted in.</param>
internal sealed record Metric(string Name, bool HigherIsBetter, MetricUnit Unit)
{
    /// <summary>The fraction of correct predictions: the headline metric of a classification.</summary>
    public static Metric Accuracy { get; } = new("accuracy", true, MetricUnit.Share);

    internal static Metric MicroF1 { get; } = new("micro-f1", true, MetricUnit.Share);

    internal static Metric EntityF1 { get; } = new("entity-f1", true, MetricUnit.Share);

    internal static Metric Pearson { get; } = new("pearson", true, MetricUnit.Correlation);

    internal static Metric Spearman { get; } = new("spearman", true, MetricUnit.Correlation);

    internal static Metric Nll { get; } = new("nll", false, MetricUnit.Nats);

    internal static Metric BitsPerByte { get; } = new("bits-per-byte", false, MetricUnit.BitsPerByte);

    internal static Metric Ndcg { get; } = new("ndcg@10", true, MetricUnit.Share);

    internal static Metric TeacherCosine { get; } = new("teacher-cosine", true, MetricUnit.Correlation);

    private static readonly Metric[] s_classification =
    [
        Accuracy,
        new("macro-f1", true, MetricUnit.Share),
        new("weighted-f1", true, MetricUnit.Share),
        new("roc-auc", true, MetricUnit.Correlation),
        new("mcc", true, MetricUnit.Correlation),
        Nll,
        new("ece", false, MetricUnit.Share),
    ];

    private static readonly Metric[] s_labels =
    [
        MicroF1,
        new("macro-f1", true, MetricUnit.Share),
        new("micro-precision", true, MetricUnit.Share),
        new("micro-recall", true, MetricUnit.Share),
        new("exact-match", true, MetricUnit.Share),
        Nll,
        new("ece", false, MetricUnit.Share),
    ];

    private static readonly Metric[] s_tokens =
    [
        EntityF1,
        new("entity-precision", true, MetricUnit.Share),
        new("entity-recall", true, MetricUnit.Share),
        new("word-accuracy", true, MetricUnit.Share),
        Nll,
    ];

    private static readonly Metric[] s_ranking = [Ndcg, new("mrr@10", true, MetricUnit.Share), new("recall@10", true, MetricUnit.Share)];

    private static readonly Metric[] s_regression = [Pearson, Spearman, new("mse", false, MetricUnit.Data), new("mae", false, MetricUnit.Data), .. s_ranking];

    private static readonly Metric[] s_language = [BitsPerByte, new("perplexity", false, MetricUnit.Choices), Nll, new("token-accuracy", true, MetricUnit.Share)];

    private static readonly Metric[] s_embedding = [Spearman, Pearson, TeacherCosine, .. s_ranking];

    /// <summary>Every metric of every task, each once, those of a classification first.</summary>
    public static IReadOnlyList<Metric> All { get; } = [.. new[] { s_classification, s_labels, s_tokens, s_regression, s_language, s_embedding }.SelectMany(m => m).Distinct()];

    /// <summary>The metrics of a task, in the order of the tables; a split need not be able to give all of them.</summary>
    public static IReadOnlyList<Metric> Of(ModelTask task) => task switch
    {
        ModelTask.MultiLabel => s_labels,
        ModelTask.TokenClassification => s_tokens,
        ModelTask.Regression => s_regression,
        ModelTask.MaskedLanguageModel or ModelTask.CausalLanguageModel => s_language,
        ModelTask.Embedding => s_embedding,
        _ => s_classification,
    };

    /// <summary>
    /// What a task's best weights are chosen by unless the recipe says otherwise: accuracy, entity F1, the Pearson correlation, and for language models the
    /// cross-entropy, which puts models with one tokenizer in the order of their bits per byte and needs no bytes. For an embedding the Spearman correlation
    /// where the validation pairs have scores, else the cosine to the teacher; of queries with documents nDCG@10. Of any number of labels the cross-entropy: their thresholds are chosen when the training is over.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="hasScores">Whether the samples of an embedding are pairs with scores.</param>
    /// <param name="isRanked">Whether samples are queries with documents that have grades.</param>
    public static Metric Default(ModelTask task, bool hasScores = false, bool isRanked = false) => task switch
    {
        ModelTask.Regression or ModelTask.Embedding when isRanked => Ndcg,
        ModelTask.MaskedLanguageModel or ModelTask.CausalLanguageModel or ModelTask.MultiLabel => Nll,
        ModelTask.Embedding when !hasScores => TeacherCosine,
        _ => Of(task)[0],
    };

    /// <summary>The metric of that name.</summary>
    /// <exception cref="DecantException">There is none; the message lists those there are.</exception>
    public static Metric Find(string name) =>
        All.FirstOrDefault(m => m.Name == name)
        ?? throw new DecantException($"Unknown metric '{name}'. There are: {Names(All)}.");

    /// <summary>The metric of that name, of those that a task has.</summary>
    /// <exception cref="DecantException">There is none, or the task does not have it; the message lists those that it has.</exception>
    public static Metric Find(string name, ModelTask task) =>
        Of(task).FirstOrDefault(m => m.Name == name)
        ?? throw new DecantException(All.Any(m => m.Name == name)
            ? $"The metric '{name}' does not apply to {Words(task)}, which has: {Names(Of(task))}."
            : $"Unknown metric '{name}'. For {Words(task)} there are: {Names(Of(task))}.");

    /// <summary>Whether <paramref name="candidate"/> is better than <paramref name="best"/>; NaN never is.</summary>
    public bool IsBetter(double candidate, double best) =>
        !double.IsNaN(candidate) && (double.IsNaN(best) || (HigherIsBetter ? candidate > best : candidate < best));

    private static string Names(IEnumerable<Metric> metrics) => string.Join(", ", metrics.Select(m => m.Name));

    private static string Words(ModelTask task) => task switch
    {
        ModelTask.MultiLabel => "multi-label classification",
        ModelTask.TokenClassification => "token classification",
        ModelTask.MaskedLanguageModel or ModelTask.CausalLanguageModel => "language modelling",
        _ => task.ToString().ToLowerInvariant(),
    };
}
