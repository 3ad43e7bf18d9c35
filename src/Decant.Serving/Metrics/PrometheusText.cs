using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Decant.Serving.Metrics;

/// <summary>The instruments of one meter as Prometheus reads them (text format 0.0.4): counters, gauges and histograms.</summary>
internal sealed class PrometheusText : IDisposable
{
    private static readonly double[] s_bounds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60];

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<(string Name, string Labels), Series> _series = new();
    private readonly ConcurrentDictionary<string, Instrument> _instruments = new(StringComparer.Ordinal);

    public PrometheusText(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!ReferenceEquals(instrument.Meter, meter))
                return;
            _instruments[instrument.Name] = instrument;
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>All that was measured.</summary>
    public string Write()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var instrument in _instruments.Values.OrderBy(i => i.Name, StringComparer.Ordinal))
        {
            var (kind, suffix) = instrument switch { Histogram<double> => ("histogram", ""), Counter<long> => ("counter", "_total"), _ => ("gauge", "") };
            text.Append(CultureInfo.InvariantCulture, $"# HELP {instrument.Name}{suffix} {instrument.Description}\n# TYPE {instrument.Name}{suffix} {kind}\n");
            foreach (var ((_, labels), series) in _series.Where(s => s.Key.Name == instrument.Name).OrderBy(s => s.Key.Labels, StringComparer.Ordinal))
                series.Write(text, instrument.Name + suffix, labels, kind == "histogram");
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new StringBuilder();
        foreach (var (name, said) in tags)
            labels.Append(labels.Length > 0 ? "," : "").Append(name).Append("=\"").Append(Escaped(Convert.ToString(said, CultureInfo.InvariantCulture) ?? "")).Append('"');
        _series.GetOrAdd((instrument.Name, labels.ToString()), _ => new Series()).Add(value, adds: instrument is not ObservableGauge<int>);
    }

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private sealed class Series
    {
        private readonly Lock _lock = new();
        private readonly long[] _below = new long[s_bounds.Length];
        private double _sum;
        private long _count;

        public void Add(double value, bool adds)
        {
            lock (_lock)
            {
                _sum = adds ? _sum + value : value;
                _count++;
                for (var i = 0; i < s_bounds.Length; i++)
                    _below[i] += value <= s_bounds[i] ? 1 : 0;
            }
        }

        public void Write(StringBuilder text, string name, string labels, bool isHistogram)
        {
            lock (_lock)
            {
                var braces = labels.Length > 0 ? "{" + labels + "}" : "";
                if (!isHistogram)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{name}{braces} {_sum}\n");
                    return;
                }

                var before = labels.Length > 0 ? labels + "," : "";
                for (var i = 0; i < s_bounds.Length; i++)
                    text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{before}le=\"{s_bounds[i]}\"}} {_below[i]}\n");
                text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{before}le=\"+Inf\"}} {_count}\n{name}_sum{braces} {_sum}\n{name}_count{braces} {_count}\n");
            }
        }
    }
}
