using System.Globalization;
using Decant.Evaluation.TrivialAnswers;

namespace Decant.Evaluation.Verdicts;

/// <summary>A comparison in one sentence, for people: each figure in its metric's unit, shares as per cent and their differences in percentage points.</summary>
/// <remarks>
/// A share has one decimal, or two where the interval is narrower than one point: a figure is printed as finely as it is known. Everything else has three, a perplexity two.
/// </remarks>
internal static class VerdictSentence
{
    private const string NotTrainedAgain = "; one seed only: training again may change this by more than the interval";

    /// <summary>
    /// Student against control. Two seeds or more: "Distillation helped: student 91.2 %, control 88.7 %, difference +2.5 points (95 % interval +1.1 to +3.9, 3 seeds)".
    /// One seed: "This student is better than this control: …; one seed only: training again may change this by more than the interval".
    /// </summary>
    /// <param name="difference">Student − control.</param>
    /// <param name="student">Where the student is not measurably better than an answer that needs no model; null: it is, or there is no such answer.</param>
    public static string Distillation(PairedDifference difference, Shortfall? student = null)
    {
        ArgumentNullException.ThrowIfNull(difference);
        return Verdicts(difference, "student", "control", difference.Verdict switch
        {
            Verdict.Helped => "Distillation helped",
            Verdict.Hurt => "Distillation hurt",
            Verdict.Better => "This student is better than this control",
            Verdict.Worse => "This student is worse than this control",
            _ when IsRepeated(difference) => "Distillation made no measurable difference",
            _ => "This student and this control do not differ measurably",
        }) + (student is null ? "" : $"; {student.Sentence("student")}");
    }

    /// <summary>A student of several tasks against one that learned this task alone: "Learning it with the other tasks helped: student 91.2 %, single 90.1 %, …".</summary>
    public static string Sharing(PairedDifference difference)
    {
        ArgumentNullException.ThrowIfNull(difference);
        return Verdicts(difference, "student", "single", difference.Verdict switch
        {
            Verdict.Helped => "Learning it with the other tasks helped",
            Verdict.Hurt => "Learning it with the other tasks hurt",
            Verdict.Better => "This student is better at it than the one that learned it alone",
            Verdict.Worse => "This student is worse at it than the one that learned it alone",
            _ when IsRepeated(difference) => "Learning it with the other tasks made no measurable difference",
            _ => "This student and the one that learned it alone do not differ measurably",
        });
    }

    /// <summary>Any two trained models: "A is better than B: …", "A and B do not differ measurably: …".</summary>
    public static string Models(PairedDifference difference, string a, string b)
    {
        ArgumentNullException.ThrowIfNull(difference);
        var verdict = difference.Verdict switch
        {
            Verdict.Helped or Verdict.Better => $"{a} is better than {b}",
            Verdict.Hurt or Verdict.Worse => $"{a} is worse than {b}",
            _ => $"{a} and {b} do not differ measurably",
        };
        return $"{verdict}: {Figures(difference, a, b, MetricWords.After(difference.Metric))}";
    }

    /// <summary>What two models of a run wrote: "Generated texts: student is better than control: student 31.2 % ROUGE-L, control 29.0 %, …"; of one seed it says so.</summary>
    public static string Texts(PairedDifference difference, string a, string b)
    {
        ArgumentNullException.ThrowIfNull(difference);
        return $"Generated texts: {Models(difference, a, b)}{(IsRepeated(difference) ? "" : NotTrainedAgain)}";
    }

    /// <summary>The recall of a group of classes: "Tail classes (3, of 54 to 150 training samples): student 71.2 %, control 60.1 %, difference +11.1 points (…)".</summary>
    /// <param name="group">The group.</param>
    /// <param name="difference">Student − control, of its recall.</param>
    public static string Group(ClassGroup group, PairedDifference difference)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(difference);
        var name = Capital(group.Name);
        var samples = group.Fewest == group.Most ? string.Create(CultureInfo.InvariantCulture, $"{group.Most:N0}") : string.Create(CultureInfo.InvariantCulture, $"{group.Fewest:N0} to {group.Most:N0}");
        return $"{name} classes ({group.Classes.Count}, of {samples} training samples each): {Figures(difference, "student", "control", " recall")}";
    }

    /// <summary>
    /// Teacher against student: "The student keeps 97.8 % of the teacher's accuracy: teacher 93.3 %, student 91.2 %, difference +2.1 points (…)"; where less is
    /// better, "The student needs 4.2 % more bits per byte than its teacher: …".
    /// </summary>
    /// <param name="difference">Teacher − student.</param>
    /// <param name="teacher">What the teacher is called, such as an ensemble.</param>
    /// <param name="teacherShortfall">Where the teacher is not measurably better than an answer that needs no model: then no share is reported as kept.</param>
    /// <param name="studentShortfall">Where the student is not.</param>
    public static string Kept(PairedDifference difference, string teacher = "teacher", Shortfall? teacherShortfall = null, Shortfall? studentShortfall = null)
    {
        ArgumentNullException.ThrowIfNull(difference);
        var figures = Figures(difference, teacher, "student");
        if (teacherShortfall is not null)
            return $"{Capital(teacherShortfall.Sentence(teacher))}, so no fraction of it is given: {figures}";
        if (studentShortfall is not null)
            return $"{Capital(studentShortfall.Sentence("student"))}: {figures}";
        if (!difference.Metric.HigherIsBetter)
            return $"{Needs(difference, teacher)}: {figures}";
        if (difference.MeanA > 0)
            return string.Create(CultureInfo.InvariantCulture, $"The student keeps {100 * KeptShare(difference):0.0} % of the {teacher}'s {MetricWords.Name(difference.Metric)}: {figures}");
        return difference.Metric == Metric.Accuracy ? $"The {teacher} is never right: {figures}" : $"The {teacher}'s {MetricWords.Name(difference.Metric)} is not above 0, so no fraction of it is given: {figures}";
    }

    /// <summary>The student's score ÷ the teacher's, of teacher − student; in a metric of which more is better above 1 when the student is better.</summary>
    public static double KeptShare(PairedDifference difference)
    {
        ArgumentNullException.ThrowIfNull(difference);
        return difference.MeanB / difference.MeanA;
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Verdicts(PairedDifference difference, string a, string b, string verdict) =>
        $"{verdict}: {Figures(difference, a, b, MetricWords.After(difference.Metric))}{(IsRepeated(difference) ? "" : NotTrainedAgain)}";

    private static bool IsRepeated(PairedDifference difference) => difference.FewestSeeds > 1;

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
        var over = d.Seeds == 1 ? $", {(d.Unit == TaskAnswers.SampleUnit ? "test samples" : d.Unit + "s of the test text")} alone" : $", {d.Seeds} seeds";
        return $"{a} {words.Value(d.MeanA)}{name}{Perplexity(d.PerplexityA)}, {b} {words.Value(d.MeanB)}{Perplexity(d.PerplexityB)}, difference {words.Difference(d.Difference)} " +
            string.Create(CultureInfo.InvariantCulture, $"({100 * d.Confidence:0.##} % interval {words.Signed(d.Low)} to {words.Signed(d.High)}{over})");
    }

    private static string Perplexity(double? value) => value is { } v ? string.Create(CultureInfo.InvariantCulture, $" (perplexity {v:0.00})") : "";
}
