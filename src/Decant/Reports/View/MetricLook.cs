namespace Decant.Reports;

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
        new("accuracy", "Accuracy", true, true, "share of right answers"),
        new("macro-f1", "Macro F1", true, true, "every class counts alike"),
        new("weighted-f1", "Weighted F1", true, true, "classes count by their size"),
        new("roc-auc", "ROC AUC", false, true, "0.5 is chance"),
        new("mcc", "Matthews correlation", false, true, "0 is chance"),
        new("nll", "Cross-entropy", false, false, "nats, less is better"),
        new("ece", "Calibration error", true, false, "less is better"),
        new("same-answer", "Same answer as teacher", true, true, "right or wrong"),
        new("mean-kl", "Divergence from teacher", false, false, "KL, nats"),
    ];

    /// <summary>The known names in the order of the tables.</summary>
    public static IEnumerable<string> Order => Known.Select(k => k.Name);

    /// <summary>How to show a metric; one that is not known is a plain number under its own name.</summary>
    public static MetricLook For(string name) =>
        Known.FirstOrDefault(k => k.Name == name) ?? new MetricLook(name, Words.Capital(name.Replace('-', ' ')), false, true, "");

    /// <summary>Enough digits to tell the values apart: two decimals of a per cent where the best leaves less than two per cent to gain.</summary>
    public int Digits(IEnumerable<double> values) =>
        !IsShare ? 3 : values.Where(double.IsFinite).Select(v => HigherIsBetter ? 1 - v : v).Any(v => v < 0.02) ? 2 : 1;

    /// <summary>The value with its unit.</summary>
    public string Format(double value, int digits) => IsShare ? Words.Percent(value, digits) : Words.Fixed(value, digits);
}
