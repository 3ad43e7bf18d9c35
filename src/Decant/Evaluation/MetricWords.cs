using System.Globalization;

namespace Decant.Evaluation;

/// <summary>The figures of a metric as words in sentences.</summary>
/// <param name="metric">The metric.</param>
/// <param name="width">How wide the interval is, which says how many decimals mean something.</param>
internal sealed class MetricWords(Metric metric, double width)
{
    private readonly bool _isShare = metric.Unit == MetricUnit.Share;
    private readonly int _digits = metric.Unit != MetricUnit.Share ? 3 : 100 * width < 1 ? 2 : 1;

    /// <summary>The metric in a sentence: <c>the teacher's accuracy</c>, <c>more bits per byte</c>.</summary>
    public static string Name(Metric metric) => metric.Name switch
    {
        "entity-f1" => "entity F1",
        "micro-f1" => "micro F1",
        "macro-f1" => "macro F1",
        "ndcg@10" => "nDCG@10",
        "mrr@10" => "MRR@10",
        "pearson" => "Pearson correlation",
        "spearman" => "Spearman correlation",
        "nll" => "nats per token",
        "rouge-l" => "ROUGE-L",
        "text-exact-match" => "exact match",
        "teacher-cosine" => "cosine to the teacher",
        var name => name.Replace('-', ' '),
    };

    /// <summary>What follows the first figure of a sentence that does not name the metric elsewhere; nothing after an accuracy or where the unit says it.</summary>
    public static string After(Metric metric) => metric == Metric.Accuracy || metric.Unit is MetricUnit.BitsPerByte or MetricUnit.Nats ? "" : " " + Name(metric);

    /// <summary>"91.2 %", "0.873", "1.302 bits per byte".</summary>
    public string Value(double value) => _isShare
        ? (100 * value).ToString("F" + _digits, CultureInfo.InvariantCulture) + " %"
        : Text(Math.Round(value, _digits, MidpointRounding.AwayFromZero)) + Unit();

    /// <summary>"+2.5 points", "−0.052".</summary>
    public string Difference(double value) => Signed(value) + (_isShare ? " points" : "");

    /// <summary>The number of a difference with its sign; zero has none.</summary>
    public string Signed(double value)
    {
        var rounded = Math.Round(_isShare ? 100 * value : value, _digits, MidpointRounding.AwayFromZero);
        return (rounded > 0 ? "+" : "") + Text(rounded);
    }

    private string Text(double rounded)
    {
        var text = Math.Abs(rounded).ToString("F" + _digits, CultureInfo.InvariantCulture);
        return rounded < 0 ? "−" + text : text;
    }

    private string Unit() => metric.Unit switch
    {
        MetricUnit.BitsPerByte => " bits per byte",
        MetricUnit.Nats => " nats per token",
        _ => "",
    };
}
