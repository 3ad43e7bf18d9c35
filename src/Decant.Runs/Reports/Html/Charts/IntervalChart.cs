using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Charts;

/// <summary>A difference with its interval on an axis through zero.</summary>
internal static class IntervalChart
{
    public static Markup Of(Comparison comparison)
    {
        if (!double.IsFinite(comparison.Low) || !double.IsFinite(comparison.High))
            return Markup.Empty;
        var scale = Scale.Around([0, comparison.Low, comparison.High], count: 4);
        var (low, middle, high, zero) = (scale.At(comparison.Low), scale.At(comparison.Difference), scale.At(comparison.High), scale.At(0));
        var look = MetricLook.For(comparison.Metric);
        var digits = scale.Digits(look.IsShare ? 100 : 1);
        return Markup.Of($"""
            <div class="interval"><svg width="100%" height="34" role="img" aria-label="{comparison.Sentence}">
            <line class="axis" x1="0" y1="17" x2="100%" y2="17"/><line class="zero" x1="{zero}%" y1="3" x2="{zero}%" y2="31"/>
            <line class="reach" x1="{low}%" y1="17" x2="{high}%" y2="17"/><circle cx="{middle}%" cy="17" r="6.5"/></svg>
            <div class="x">{scale.Ticks.Select(t => Markup.Of($"""<span style="left:{scale.At(t)}%">{look.Signed(t, digits)}</span>"""))}</div></div>
            """);
    }
}
