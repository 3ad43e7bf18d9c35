using System.Globalization;

namespace Decant.Evaluation.Verdicts;

/// <summary>What the baselines beside the control say, in one sentence each. Differences are given with their intervals; whether one is beyond chance is stated with two seeds or more.</summary>
internal static class BaselineSentence
{
    /// <summary>
    /// The student against the same student on all labels: "The same student on all 11,520 labels, without the teacher, reaches 86.9 %: over the control the labels alone
    /// give +18.5 points, the teacher gave +18.9; student minus all-labels +0.4 points (95 % interval −0.5 to +1.3, 3 seeds): the effect of the teacher cannot be separated from that of the hidden labels".
    /// </summary>
    /// <param name="difference">Student − all-labels.</param>
    /// <param name="labels">All-labels − control; null where there is no control.</param>
    /// <param name="teacher">Student − control; null where there is no control.</param>
    /// <param name="count">How many labels the training split has.</param>
    public static string AllLabels(PairedDifference difference, PairedDifference? labels, PairedDifference? teacher, long count)
    {
        ArgumentNullException.ThrowIfNull(difference);
        var words = Words(difference);
        var gains = labels is null || teacher is null ? "" : $": over the control the labels alone give {words.Difference(labels.Difference)}, the teacher gave {words.Difference(teacher.Difference)}";
        return string.Create(CultureInfo.InvariantCulture, $"The same student on all {count:N0} labels, without the teacher, reaches {words.Value(difference.MeanB)}{MetricWords.After(difference.Metric)}{gains}; ") +
            $"student minus all-labels {words.Difference(difference.Difference)} {Interval(difference, words)}{Conclusion(difference)}";
    }

    /// <summary>The same student on all labels against the control: "Without a teacher, all 11,520 labels instead of 1,000: all-labels 86.9 %, control 68.0 %, difference +18.9 points (…)".</summary>
    /// <param name="difference">All-labels − control.</param>
    /// <param name="count">How many labels the training split has.</param>
    /// <param name="seen">How many the control has.</param>
    public static string HiddenLabels(PairedDifference difference, long count, long seen) =>
        string.Create(CultureInfo.InvariantCulture, $"Without a teacher, all {count:N0} labels instead of {seen:N0}: ") + Figures(difference, "all-labels", "control");

    /// <summary>The student against one that learns from labels alone and begins with newly drawn weights.</summary>
    /// <param name="difference">Student − from-scratch.</param>
    public static string FromScratch(PairedDifference difference) => $"Teacher and its weights together, against random weights and labels alone: {Figures(difference, "student", "from-scratch")}";

    /// <summary>The control, which begins with the teacher's weights, against one with newly drawn weights.</summary>
    /// <param name="difference">Control − from-scratch.</param>
    public static string TeachersWeights(PairedDifference difference) => $"Initialization from the teacher's weights, both trained on labels alone: {Figures(difference, "control", "from-scratch")}";

    /// <summary>The student against the part of the teacher that it began as.</summary>
    /// <param name="difference">Student − untrained.</param>
    public static string Untrained(PairedDifference difference) => $"Training, against the part of the teacher that the student was initialized from: {Figures(difference, "student", "untrained")}";

    // What training again would have given is not known of one seed.
    private static string Conclusion(PairedDifference difference) => difference.FewestSeeds == 1 ? "" : difference.Verdict switch
    {
        Verdict.Helped => ": the teacher helps more than the hidden labels would",
        Verdict.Hurt => ": the hidden labels would help more than the teacher",
        _ => ": the effect of the teacher cannot be separated from that of the hidden labels",
    };

    private static string Figures(PairedDifference difference, string a, string b)
    {
        ArgumentNullException.ThrowIfNull(difference);
        var words = Words(difference);
        return $"{a} {words.Value(difference.MeanA)}{MetricWords.After(difference.Metric)}, {b} {words.Value(difference.MeanB)}, difference {words.Difference(difference.Difference)} {Interval(difference, words)}";
    }

    private static MetricWords Words(PairedDifference difference) => new(difference.Metric, difference.High - difference.Low);

    private static string Interval(PairedDifference d, MetricWords words) =>
        string.Create(CultureInfo.InvariantCulture, $"({100 * d.Confidence:0.##} % interval {words.Signed(d.Low)} to {words.Signed(d.High)}{(d.Seeds == 1 ? "" : $", {d.Seeds} seeds")})");
}
