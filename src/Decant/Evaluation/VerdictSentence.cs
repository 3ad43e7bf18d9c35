using System.Globalization;

namespace Decant.Evaluation;

/// <summary>A comparison in one sentence, for people: each figure in its metric's unit, shares as per cent and their differences in percentage points.</summary>
/// <remarks>
/// A share has one decimal, or two where the interval is narrower than one point: a figure is told as finely as it is known. Everything else has three, a perplexity two.
/// </remarks>
public static class VerdictSentence
{
    /// <summary>Student against control: "Distillation helped: student 91.2 %, control 88.7 %, difference +2.5 points (95 % interval +1.1 to +3.9)".</summary>
    public static string Distillation(PairedDifference difference)
    {
        ArgumentNullException.ThrowIfNull(difference);
        var verdict = difference.Verdict switch
        {
            Verdict.Helped => "Distillation helped",
            Verdict.Hurt => "Distillation hurt",
            _ => "Distillation made no measurable difference",
        };
        return $"{verdict}: {Figures(difference, "student", "control", MetricWords.After(difference.Metric))}";
    }

    /// <summary>A student of several tasks against one that learnt this task alone: "Sharing cost nothing measurable: student 91.2 %, single 91.5 %, …".</summary>
    public static string Sharing(PairedDifference difference)
    {
        ArgumentNullException.ThrowIfNull(difference);
        var verdict = difference.Verdict switch
        {
            Verdict.Helped => "Learning it with the other tasks helped",
            Verdict.Hurt => "Learning it with the other tasks cost something",
            _ => "Learning it with the other tasks made no measurable difference",
        };
        return $"{verdict}: {Figures(difference, "student", "single", MetricWords.After(difference.Metric))}";
    }

    /// <summary>Any two models: "A is better than B: …", "A and B do not differ measurably: …".</summary>
    public static string Models(PairedDifference difference, string a, string b)
    {
        ArgumentNullException.ThrowIfNull(difference);
        var verdict = difference.Verdict switch
        {
            Verdict.Helped => $"{a} is better than {b}",
            Verdict.Hurt => $"{a} is worse than {b}",
            _ => $"{a} and {b} do not differ measurably",
        };
        return $"{verdict}: {Figures(difference, a, b, MetricWords.After(difference.Metric))}";
    }

    /// <summary>The recall of a group of classes: "Tail classes (3, of 54 to 150 training samples): student 71.2 %, control 60.1 %, difference +11.1 points (…)".</summary>
    /// <param name="group">The group.</param>
    /// <param name="difference">Student − control, of its recall.</param>
    public static string Group(ClassGroup group, PairedDifference difference)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(difference);
        var name = char.ToUpperInvariant(group.Name[0]) + group.Name[1..];
        var samples = group.Fewest == group.Most ? string.Create(CultureInfo.InvariantCulture, $"{group.Most:N0}") : string.Create(CultureInfo.InvariantCulture, $"{group.Fewest:N0} to {group.Most:N0}");
        return $"{name} classes ({group.Classes.Count}, of {samples} training samples each): {Figures(difference, "student", "control", " recall")}";
    }

    /// <summary>
    /// Teacher against student: "The student keeps 97.8 % of the teacher's accuracy: teacher 93.3 %, student 91.2 %, difference +2.1 points (…)"; where less is
    /// better, "The student needs 4.2 % more bits per byte than its teacher: …".
    /// </summary>
    /// <param name="difference">Teacher − student.</param>
    /// <param name="teacher">What the teacher is called, such as an ensemble.</param>
    public static string Kept(PairedDifference difference, string teacher = "teacher")
    {
        ArgumentNullException.ThrowIfNull(difference);
        var figures = Figures(difference, teacher, "student");
        if (!difference.Metric.HigherIsBetter)
            return $"{Needs(difference, teacher)}: {figures}";
        if (difference.MeanA > 0)
            return string.Create(CultureInfo.InvariantCulture, $"The student keeps {100 * KeptShare(difference):0.0} % of the {teacher}'s {MetricWords.Name(difference.Metric)}: {figures}");
        return difference.Metric == Metric.Accuracy ? $"The {teacher} is never right: {figures}" : $"The {teacher} has learned nothing that could be kept: {figures}";
    }

    /// <summary>The student's score ÷ the teacher's, of teacher − student; in a metric of which more is better above 1 when the student is better.</summary>
    public static double KeptShare(PairedDifference difference)
    {
        ArgumentNullException.ThrowIfNull(difference);
        return difference.MeanB / difference.MeanA;
    }

    private static string Needs(PairedDifference d, string teacher)
    {
        var more = 100 * (KeptShare(d) - 1);
        var name = MetricWords.Name(d.Metric);
        return !double.IsFinite(more) || Math.Abs(more) < 0.05
            ? $"The student needs as many {name} as its {teacher}"
            : string.Create(CultureInfo.InvariantCulture, $"The student needs {Math.Abs(more):0.0} % {(more > 0 ? "more" : "fewer")} {name} than its {teacher}");
    }

    private static string Figures(PairedDifference d, string a, string b, string name = "")
    {
        var words = new MetricWords(d.Metric, d.High - d.Low);
        var over = d.Seeds == 1 ? "" : $", {d.Seeds} seeds";
        return $"{a} {words.Value(d.MeanA)}{name}{Perplexity(d.PerplexityA)}, {b} {words.Value(d.MeanB)}{Perplexity(d.PerplexityB)}, difference {words.Difference(d.Difference)} " +
            string.Create(CultureInfo.InvariantCulture, $"({100 * d.Confidence:0.##} % interval {words.Signed(d.Low)} to {words.Signed(d.High)}{over})");
    }

    private static string Perplexity(double? value) => value is { } v ? string.Create(CultureInfo.InvariantCulture, $" (perplexity {v:0.00})") : "";
}
