using System.Diagnostics.Metrics;

namespace Decant.Serving.Metrics;

/// <summary>What a server counts, as the meter <c>Decant.Serving</c>, which OpenTelemetry can collect too.</summary>
internal sealed class ServingMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Decant.Serving";

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _requests;
    private readonly Counter<long> _tokens;
    private readonly Histogram<double> _seconds;

    public ServingMetrics(Func<int> admitted, Func<int> computing)
    {
        Text = new(_meter);
        _requests = _meter.CreateCounter<long>("decant_requests", description: "Requests that were answered, by route and status; 499: the client went away.");
        _tokens = _meter.CreateCounter<long>("decant_tokens", description: "Tokens, by model and kind (prompt, generated).");
        _seconds = _meter.CreateHistogram<double>("decant_request_seconds", "s", "Time from a request to the end of its answer, by route.");
        _meter.CreateObservableGauge("decant_requests_admitted", admitted, description: "Requests that are in, waiting ones included.");
        _meter.CreateObservableGauge("decant_requests_computing", computing, description: "Requests that are computed.");
    }

    /// <summary>What was counted, as text.</summary>
    public PrometheusText Text { get; }

    /// <summary>Counts a request.</summary>
    public void Answered(string route, int status, TimeSpan took)
    {
        _requests.Add(1, new("route", route), new("status", status));
        _seconds.Record(took.TotalSeconds, new KeyValuePair<string, object?>("route", route));
    }

    /// <summary>Counts tokens.</summary>
    public void Tokens(string model, long prompt, long generated)
    {
        _tokens.Add(prompt, new("model", model), new("kind", "prompt"));
        if (generated > 0)
            _tokens.Add(generated, new("model", model), new("kind", "generated"));
    }

    public void Dispose()
    {
        Text.Dispose();
        _meter.Dispose();
    }
}
