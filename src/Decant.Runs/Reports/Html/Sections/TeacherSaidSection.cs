using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Sections;

/// <summary>What a teacher behind an API said of a few texts, to look at.</summary>
internal static class TeacherSaidSection
{
    public static Markup Of(RunView run)
    {
        if (run.TeacherSaid is not { Texts.Count: > 0 } said)
            return Markup.Empty;
        var (used, aside) = (said.Texts.Where(t => t.Abstention is null).ToArray(), said.Texts.Where(t => t.Abstention is not null).ToArray());
        return Markup.Of($"""
            <section><h2>What the teacher said</h2><div class="samples">{List("Drawn at random", used, said.Answered)}{List("Set aside", aside, said.Abstained)}</div>
            <p class="fine">These are answers of <bdi>{said.Teacher}</bdi> to look at, before any calibration: what the student learns is as good as they are.</p></section>

            """);
    }

    private static Markup List(string title, SaidOfText[] texts, int total) => texts.Length == 0 ? Markup.Empty : Markup.Of($"""
        <div><h3>{title} <small>{(total > texts.Length ? $"{texts.Length} of {Words.Count(total)}" : Words.Count(total))}</small></h3><ul class="texts">{texts.Select(One)}</ul></div>
        """);

    private static Markup One(SaidOfText text) => Markup.Of($"""
        <li><blockquote dir="auto">{text.Text}</blockquote><p class="answers"><span><i class="dot {ArmStyle.Class(Arms.Teacher)}"></i>{(text.Abstention is { } why ? Markup.Of($"✗ {why}{(text.Said.Length > 0 ? ": " : "")}") : Markup.Empty)}<bdi>{text.Said}</bdi></span></p></li>

        """);
}
