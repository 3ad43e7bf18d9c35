using Decant.Runs.Reports.Html.Elements;

namespace Decant.Runs.Reports.Html.Charts;

/// <summary>A chart's frame: the picture is SVG that stretches to any width, the labels are text that keeps its size.</summary>
internal sealed record Plot
{
    public required string Title { get; init; }

    /// <summary>What to look at, under the picture.</summary>
    public Markup Caption { get; init; }

    /// <summary>The key, under the title.</summary>
    public Markup Key { get; init; }

    public required Scale X { get; init; }

    public required Scale Y { get; init; }

    public required Func<double, string> XLabel { get; init; }

    public required Func<double, string> YLabel { get; init; }

    /// <summary>What the x axis counts.</summary>
    public required string XTitle { get; init; }

    /// <summary>SVG content in a 100 × 100 square with its y axis pointing down; see <see cref="Down"/>.</summary>
    public required Markup Content { get; init; }

    /// <summary>Names beside what is drawn: text that keeps its size.</summary>
    public Markup Labels { get; init; }

    /// <summary>A class of the figure: <c>wide</c>, <c>small</c>, <c>square</c>.</summary>
    public string Class { get; init; } = "";

    /// <summary>A per cent of the y axis as SVG counts it.</summary>
    public static double Down(double percent) => 100 - percent;

    public Markup ToMarkup() => Markup.Of($"""
        <figure class="chart {Class}"><h3>{Title}</h3>{Key}
        <div class="plot">
        <div class="y">{Y.Ticks.Select(t => Markup.Of($"""<span style="bottom:{Y.At(t)}%">{YLabel(t)}</span>"""))}</div>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="{Title}">{Y.Ticks.Select(GridLine)}{Content}</svg>{(Labels.IsEmpty ? Markup.Empty : Markup.Of($"""<div class="names">{Labels}</div>"""))}
        <div class="x">{X.Ticks.Select(t => Markup.Of($"""<span style="left:{X.At(t)}%">{XLabel(t)}</span>"""))}<b>{XTitle}</b></div>
        </div>{(Caption.IsEmpty ? Markup.Empty : Markup.Of($"<figcaption>{Caption}</figcaption>"))}</figure>

        """);

    private Markup GridLine(double tick) => Markup.Of($"""<path class="grid" d="M0 {Down(Y.At(tick))}H100"/>""");
}
