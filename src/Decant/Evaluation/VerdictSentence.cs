using System.Globalization;

namespace Decant.Evaluation;

/// <summary>A comparison in one sentence, for people: scores from 0 to 1 as per cent, differences in percentage points.</summary>
/// <remarks>One decimal, or two where the interval is narrower than one point: a figure is told as finely as it is known.</remarks>
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
        return $"{verdict}: {Figures(difference, "student", "control")}";
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
        return $"{verdict}: {Figures(difference, a, b)}";
    }

    /// <summary>Teacher against student: "The student keeps 97.8 % of the teacher's accuracy: teacher 93.3 %, student 91.2 %, difference +2.1 points (…)".</summary>
    /// <param name="difference">Teacher − student.</param>
    public static string Kept(PairedDifference difference)
    {
        ArgumentNullException.ThrowIfNull(difference);
        var figures = Figures(difference, "teacher", "student");
        return difference.MeanA <= 0
            ? $"The teacher is never right: {figures}"
            : string.Create(CultureInfo.InvariantCulture, $"The student keeps {100 * KeptShare(difference):0.0} % of the teacher's accuracy: {figures}");
    }

    /// <summary>The student's score ÷ the teacher's, of teacher − student; above 1 when the student is better.</summary>
    public static double KeptShare(PairedDifference difference)
    {
        ArgumentNullException.ThrowIfNull(difference);
        return difference.MeanB / difference.MeanA;
    }

    private static string Figures(PairedDifference d, string a, string b)
    {
        var digits = 100 * (d.High - d.Low) < 1 ? 2 : 1;
        var over = d.Seeds == 1 ? "" : $", {d.Seeds} seeds";
        return $"{a} {Percent(d.MeanA, digits)}, {b} {Percent(d.MeanB, digits)}, difference {Points(d.Difference, digits)} points " +
            string.Create(CultureInfo.InvariantCulture, $"({100 * d.Confidence:0.##} % interval {Points(d.Low, digits)} to {Points(d.High, digits)}{over})");
    }

    private static string Percent(double share, int digits) => (100 * share).ToString("F" + digits, CultureInfo.InvariantCulture) + " %";

    private static string Points(double share, int digits)
    {
        var rounded = Math.Round(100 * share, digits, MidpointRounding.AwayFromZero);
        var text = Math.Abs(rounded).ToString("F" + digits, CultureInfo.InvariantCulture);
        return rounded > 0 ? "+" + text : rounded < 0 ? "−" + text : text;
    }
}
