using System.Globalization;
using Decant.Runs.Reports.Html.Elements;

namespace Decant.Runs.Reports.Html.Charts;

/// <summary>Lines over epochs, one colour per arm; with several seeds each seed is thin and their mean bold.</summary>
internal static class LineChart
{
    public static Markup Of(
        string title, IReadOnlyList<Series> series, Func<IEnumerable<double>, Scale> yScale, Func<double, Scale, string> yLabel, Markup caption,
        string look = "", (string Arm, double Value)? reference = null)
    {
        var points = series.SelectMany(s => s.Points).ToArray();
        if (series.All(s => s.Points.Count < 2))
            return Markup.Empty; // one point is no curve; the table has it
        var x = XScale(points);
        var y = yScale(points.Select(p => p.Y).Concat(reference is { } known ? [known.Value] : []));
        var arms = series.Select(s => s.Arm).Distinct().ToArray();
        return new Plot
        {
            Title = title,
            Caption = caption,
            Class = look,
            Key = arms.Length + (reference is null ? 0 : 1) < 2 ? Markup.Empty : ArmStyle.Key(reference is { } r ? arms.Append(r.Arm) : arms),
            X = x,
            Y = y,
            XLabel = v => v.ToString("#,0.##", CultureInfo.InvariantCulture),
            YLabel = v => yLabel(v, y),
            XTitle = points.Max(p => p.X) > 1000 ? "steps" : "epochs",
            Content = Markup.Of($"{Reference(reference, y)}{arms.SelectMany(a => Lines([.. series.Where(s => s.Arm == a)], x, y))}"),
        }.ToMarkup();
    }

    private static Scale XScale((double X, double Y)[] points)
    {
        var last = points.Max(p => p.X);
        if (Math.Ceiling(last) - last < 0.03 * last)
            last = Math.Ceiling(last); // a mean of the last few steps lies a little before the end
        return Scale.Around([0, last], count: last < 2 ? 4 : (int)Math.Min(last, 6), floor: 0, ceiling: last > 0 ? last : 1);
    }

    private static Markup Reference((string Arm, double Value)? reference, Scale y) => reference is not { } r
        ? Markup.Empty
        : Markup.Of($"""<path class="line {ArmStyle.Class(r.Arm)}" d="M0 {Plot.Down(y.At(r.Value))}H100"/>""");

    private static IEnumerable<Markup> Lines(IReadOnlyList<Series> seeds, Scale x, Scale y)
    {
        if (seeds.Count == 1)
            return [Line(seeds[0], x, y, "")];
        return [.. seeds.Select(s => Line(s, x, y, "thin")), Line(Mean(seeds), x, y, "")];
    }

    /// <summary>The mean over the seeds at each x that all of them have.</summary>
    private static Series Mean(IReadOnlyList<Series> seeds) => seeds[0] with
    {
        Points = [.. seeds.SelectMany(s => s.Points).GroupBy(p => Math.Round(p.X, 6)).Where(g => g.Count() == seeds.Count)
            .OrderBy(g => g.Key).Select(g => (g.Key, g.Average(p => p.Y)))],
    };

    private static Markup Line(Series series, Scale x, Scale y, string look)
    {
        if (series.Points.Count == 0)
            return Markup.Empty;
        var path = Markup.Join(series.Points.Select((p, i) => Markup.Of($"{(i == 0 ? "M" : "L")}{x.At(p.X)} {Plot.Down(y.At(p.Y))}")));
        // A zero-length stroke with round caps is a dot that keeps its shape however the picture is stretched.
        var marks = look == "thin" || series.Points.Count > 30
            ? []
            : series.Points.Select(p => Markup.Of($"""<path class="mark {ArmStyle.Class(series.Arm)}" d="M{x.At(p.X)} {Plot.Down(y.At(p.Y))}h0.001"/>"""));
        return Markup.Of($"""<path class="line {ArmStyle.Class(series.Arm)} {look}" d="{path}"/>{marks}""");
    }
}
