using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Charts;

/// <summary>A confusion matrix as a picture: right answers in one hue, mistakes in another, so that the diagonal does not drown them.</summary>
internal static class HeatMap
{
    /// <summary>Beyond this many classes the cells are too small to read and the table of mix-ups says more.</summary>
    public const int MaximumClasses = 32;

    private const int NumbersUpTo = 12;

    public static Markup Of(PooledConfusion confusion, Func<int, string> name)
    {
        var n = confusion.Classes;
        var height = n <= NumbersUpTo ? 30 : n <= 20 ? 22 : 18;
        var lying = Enumerable.Range(0, n).Max(c => Words.Width(name(c))) * n <= 24; // ems that a phone is wide: else the names stand upright
        return Markup.Of($"""
            <div class="scroll"><div class="heat" style="--n:{n};--h:{height}px">
            <div class="labels">{Enumerable.Range(0, n).Select(c => Markup.Of($"""<span title="{name(c)}"><bdi>{name(c)}</bdi></span>"""))}</div>
            <svg width="100%" height="{n * height}" role="img" aria-label="Confusion matrix of the student">
            <rect class="ground" width="100%" height="100%"/>{Cells(confusion, name, height)}</svg>
            <div class="answers {(lying ? "lying" : "")}">{Enumerable.Range(0, n).Select(c => Markup.Of($"""<span title="{name(c)}"><bdi>{name(c)}</bdi></span>"""))}</div>
            </div></div>

            """);
    }

    private static IEnumerable<Markup> Cells(PooledConfusion confusion, Func<int, string> name, int height) =>
        from full in new[] { FullShare(confusion) }
        from label in Enumerable.Range(0, confusion.Classes)
        from answer in Enumerable.Range(0, confusion.Classes)
        where confusion[label, answer] > 0
        select Cell(confusion, label, answer, name, height, full);

    /// <summary>
    /// The share of its row from which a wrong cell has full colour: the worst there is, so that a good model's mistakes are seen as well as a bad
    /// one's, but at most a fifth, so that one hopeless class does not hide the rest.
    /// </summary>
    public static double FullShare(PooledConfusion confusion) =>
        Math.Min(0.2, confusion.Mistakes().Select(m => (double)m.Count / confusion.Support(m.Label)).DefaultIfEmpty(1).Max());

    private static Markup Cell(PooledConfusion confusion, int label, int answer, Func<int, string> name, int height, double full)
    {
        var (n, count, right) = (confusion.Classes, confusion[label, answer], label == answer);
        var share = (double)count / confusion.Support(label);
        var strength = right ? 0.12 + 0.6 * share : 0.04 + 0.76 * Math.Pow(Math.Min(1, share / full), 0.7);
        var title = $"{name(label)} → {name(answer)}: {Words.Count(count)} ({Words.Percent(share)})";
        var number = n > NumbersUpTo ? Markup.Empty : Markup.Of(
            $"""<text class="{(strength > 0.55 ? "strong" : "")}" x="{100.0 * (answer + 0.5) / n}%" y="{(label + 0.5) * height + 4}">{Words.Count(count)}</text>""");
        return Markup.Of($"""
            <g><title>{title}</title><rect class="{(right ? "right" : "wrong")}" x="{100.0 * answer / n}%" y="{label * height}" width="{100.0 / n}%" height="{height}" fill-opacity="{strength}"/>{number}</g>

            """);
    }
}
