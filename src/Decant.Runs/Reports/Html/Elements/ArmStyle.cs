using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Elements;

/// <summary>How an arm looks in every picture: its colour's class, never colour alone.</summary>
internal static class ArmStyle
{
    private static readonly string[] Order = [Arms.Teacher, Arms.Student, Arms.Control, Arms.AllLabels, Arms.FromScratch, Arms.Untrained, Arms.Single];

    public static string Class(string arm) => arm is Arms.Teacher or Arms.Student or Arms.Single || Arms.IsBaseline(arm) ? arm : Arms.MemberName(arm) is not null ? Arms.Teacher : "student";

    /// <summary>The key of a chart: a line or a dot in the arm's colour, then its name.</summary>
    public static Markup Key(IEnumerable<string> arms, bool dots = false) =>
        Markup.Of($"""<p class="key">{arms.OrderBy(a => Array.IndexOf(Order, a)).Select(a => Markup.Of($"""<span><i class="{(dots ? "dot" : "dash")} {Class(a)}"></i>{Words.Arm(a)}</span>"""))}</p>""");
}
