using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Table;

/// <summary>The rows of a <see cref="ComparisonTable"/>.</summary>
internal static class TableRows
{
    private static readonly string[] s_perToken = ["perplexity", "nll", "token-accuracy"];

    public static IEnumerable<TableRow> Of(IReadOnlyList<ModelFigures> models, ModelFigures? small, ModelFigures? large)
    {
        var names = models.SelectMany(m => m.Metrics.Keys).Distinct().ToArray();
        var ordered = MetricLook.Order.Where(names.Contains).Concat(names.Except(MetricLook.Order));
        var cost = new CostRows(models, small, large);
        return
        [
            .. ordered.Select(name => MetricRow(MetricLook.For(name), models, small, large)),
            .. cost.Row("Size", "parameters", "Parameters", "", m => m.Parameters, Words.Large, ("fewer", "more")),
            .. cost.Row("Size", "bytes", "Weights", "", m => m.Bytes, Words.Bytes, ("smaller", "larger")),
            .. cost.Row("Size", "flops", "Operations", "per sample", m => m.Flops, Words.Large, ("fewer", "more")),
            .. cost.Row("Speed", "latency-p50", "Latency", "one sample, median", m => m.Latency?.P50, Words.Milliseconds, ("faster", "slower")),
            .. cost.Row("Speed", "latency-p95", "Latency, 95 %", "95th percentile", m => m.Latency?.P95, Words.Milliseconds, ("faster", "slower")),
            .. cost.Row("Speed", "throughput", "Throughput", "samples in batches", m => m.SamplesPerSecond, v => Words.Large(v) + "/s", ("less", "more")),
        ];
    }

    private static TableRow MetricRow(MetricLook look, IReadOnlyList<ModelFigures> models, ModelFigures? small, ModelFigures? large)
    {
        var digits = look.Digits(models.Select(m => m.Metrics.TryGetValue(look.Name, out var f) ? f.Mean : double.NaN));
        return new TableRow("Quality", look.Name, look.Title, look.Meaning, [.. models.Select(Cell)], Kept());

        TableCell Cell(ModelFigures model)
        {
            if (!model.Metrics.TryGetValue(look.Name, out var figure))
                return TableCell.Unknown;
            var spread = figure.Spread is { } s ? $"±{Words.Tie}{Words.Fixed(look.IsShare ? 100 * s : s, digits)}" : "";
            return new TableCell(figure.Mean, look.Format(figure.Mean, digits), spread);
        }

        string Kept() =>
            small is { Shortfall: null } && large is { Shortfall: null } && small.Metrics.TryGetValue(look.Name, out var s) && large.Metrics.TryGetValue(look.Name, out var l)
                ? AreOfOtherTokens() ? "other tokens" : look.Against(s.Mean, l.Mean)
                : "";

        // Figures per token do not compare where the same text is so many tokens for one and so many for the other.
        bool AreOfOtherTokens() => s_perToken.Contains(look.Name) && small!.Metrics.ContainsKey("bits-per-byte") && small.Rows is { } a && large!.Rows is { } b && a != b;
    }

    /// <summary>Rows of what a model costs: each exists only where some model knows the figure.</summary>
    private sealed class CostRows(IReadOnlyList<ModelFigures> models, ModelFigures? small, ModelFigures? large)
    {
        public IEnumerable<TableRow> Row(
            string group, string key, string title, string meaning, Func<ModelFigures, double?> value, Func<double, string> format, (string Less, string More) words)
        {
            double? Known(ModelFigures? model) => model is not null && value(model) is { } v && v > 0 && double.IsFinite(v) ? v : null;
            if (!models.Any(m => Known(m) is not null))
                yield break;
            TableCell[] cells = [.. models.Select(m => Known(m) is { } v ? new TableCell(v, format(v), "") : TableCell.Unknown)];
            yield return new TableRow(group, key, title, meaning, cells, Ratio(Known(small), Known(large), words));
        }

        private static string Ratio(double? small, double? large, (string Less, string More) words)
        {
            if (small is not { } s || large is not { } l)
                return "";
            var (ratio, word) = s <= l ? (l / s, words.Less) : (s / l, words.More);
            return ratio < 1.05 ? "the same" : $"{Words.Times(ratio)} {word}";
        }
    }
}
