namespace Decant.Runs.Reports.View;

/// <summary>How a metric is shown.</summary>
/// <param name="Name">Its name in the record.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="IsShare">Whether it is a share, shown as per cent.</param>
/// <param name="HigherIsBetter">Whether more is better.</param>
/// <param name="Meaning">What it says, in a few words.</param>
internal sealed record MetricLook(string Name, string Title, bool IsShare, bool HigherIsBetter, string Meaning)
{
    private static readonly MetricLook[] Known =
    [
        new("accuracy", "Accuracy", true, true, "fraction of correct predictions"),
        new("micro-f1", "Micro F1", true, true, "all labels of all samples together"),
        new("macro-f1", "Macro F1", true, true, "every class counts alike"),
        new("weighted-f1", "Weighted F1", true, true, "classes count by their size"),
        new("recall-head", "Recall, head", true, true, "frequent classes, macro average"),
        new("recall-middle", "Recall, middle", true, true, "medium classes, macro average"),
        new("recall-tail", "Recall, tail", true, true, "rare classes, macro average"),
        new("micro-precision", "Micro precision", true, true, "of the labels that are given"),
        new("micro-recall", "Micro recall", true, true, "of the labels there are"),
        new("exact-match", "Exact match", true, true, "all labels of a sample right"),
        new("entity-f1", "Entity F1", true, true, "words and type exactly right") { Kept = KeptWords.Share },
        new("entity-precision", "Precision", true, true, "of the entities found"),
        new("entity-recall", "Recall", true, true, "of the entities there are"),
        new("word-accuracy", "Word accuracy", true, true, "fraction of correct tags"),
        new("ndcg@10", "nDCG@10", true, true, "relevant documents early") { Kept = KeptWords.Share },
        new("mrr@10", "MRR@10", true, true, "1 ÷ rank of the first relevant document"),
        new("recall@10", "Recall@10", true, true, "relevant documents among the first ten"),
        new("pearson", "Pearson correlation", false, true, "linear correlation") { Kept = KeptWords.Share },
        new("spearman", "Spearman correlation", false, true, "rank correlation") { Kept = KeptWords.Share },
        new("mse", "Mean squared error", false, false, "lower is better"),
        new("mae", "Mean absolute error", false, false, "lower is better"),
        new("bits-per-byte", "Bits per byte", false, false, "lower is better") { Kept = KeptWords.Higher, Unit = " bits per byte" },
        new("perplexity", "Perplexity", false, false, "per token, less is better") { Kept = KeptWords.Higher, Decimals = 2 },
        new("roc-auc", "ROC AUC", false, true, "0.5 is chance"),
        new("mcc", "Matthews correlation", false, true, "0 is chance"),
        new("nll", "Cross-entropy", false, false, "nats, lower is better") { Unit = " nats" },
        new("token-accuracy", "Token accuracy", true, true, "the most probable token is right"),
        new("rouge-l", "ROUGE-L", true, true, "common words in order, F1"),
        new("text-exact-match", "Exact match", true, true, "the reference itself"),
        new("distinct-1", "Distinct-1", true, true, "different words ÷ words") { Kept = KeptWords.None },
        new("distinct-2", "Distinct-2", true, true, "different pairs ÷ words") { Kept = KeptWords.None },
        new("repeated-4-grams", "Repeated 4-grams", true, false, "of four words within a text"),
        new("ended", "Ended by themselves", true, true, "texts before the limit") { Kept = KeptWords.None },
        new("generated-tokens", "Text length", false, false, "tokens, mean") { Decimals = 1 },
        new("ece", "Calibration error", true, false, "lower is better"),
        new("teacher-cosine", "Cosine to the teacher", false, true, "1 is the same direction"),
        new("teacher-pearson", "Correlation with the teacher", false, true, ""),
        new("teacher-spearman", "Rank correlation with the teacher", false, true, "of the documents of a query"),
        new("same-answer", "Same answer as teacher", true, true, "whether correct or not"),
        new("mean-kl", "Divergence from teacher", false, false, "KL, nats"),
    ];

    /// <summary>The known names in the order of the tables.</summary>
    public static IEnumerable<string> Order => Known.Select(k => k.Name);

    /// <summary>Decimals of what is no share.</summary>
    public int Decimals { get; init; } = 3;

    /// <summary>What stands after a difference of what is no share; empty where the number stands alone.</summary>
    public string Unit { get; init; } = "";

    /// <summary>How a student's figure is worded against its teacher's; default: "kept" for shares of which more is better, nothing for others.</summary>
    public KeptWords Kept { get; init; } = IsShare && HigherIsBetter ? KeptWords.Share : KeptWords.None;

    /// <summary>How to show a metric; one that is not known is a plain number under its own name.</summary>
    public static MetricLook For(string name) =>
        Known.FirstOrDefault(k => k.Name == name) ?? new MetricLook(name, Words.Capital(name.Replace('-', ' ')), false, true, "");

    /// <summary>The title inside a sentence: F1 and people's names keep their capitals.</summary>
    public string InSentence => Name is "rouge-l" or "ndcg@10" or "mrr@10" or "pearson" or "spearman" or "roc-auc" or "mcc" ? Title : Words.Small(Title);

    /// <summary>Enough digits to tell the values apart: two decimals of a per cent where the best leaves less than two per cent to gain.</summary>
    public int Digits(IEnumerable<double> values) =>
        !IsShare ? Decimals : values.Where(double.IsFinite).Select(v => HigherIsBetter ? 1 - v : v).Any(v => v < 0.02) ? 2 : 1;

    /// <summary>The value with its unit.</summary>
    public string Format(double value, int digits) => IsShare ? Words.Percent(value, digits) : Words.Fixed(value, digits);

    /// <summary>A difference with its sign and no unit; of shares in percentage points.</summary>
    public string Signed(double difference, int digits) => Words.Points(IsShare ? difference : difference / 100, digits);

    /// <summary>A student's figure against its teacher's: "97.8 % kept", "4.2 % higher"; empty where that says nothing.</summary>
    public string Against(double student, double teacher) => Kept switch
    {
        _ when !(teacher > 0) => "",
        KeptWords.Share => $"{Words.Percent(student / teacher)} kept",
        KeptWords.Higher => Math.Abs(student / teacher - 1) < 0.0005 ? "the same" : $"{Words.Percent(Math.Abs(student / teacher - 1))} {(student > teacher ? "higher" : "lower")}",
        _ => "",
    };
}

/// <summary>How a student's figure is worded against its teacher's.</summary>
internal enum KeptWords
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>How much of it is kept.</summary>
    Share,

    /// <summary>How much higher it is.</summary>
    Higher,
}
