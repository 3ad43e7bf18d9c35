using System.Text.Json;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Summary;

/// <summary>What <c>summary.json</c> says of generated texts beside the metrics of the models: <c>texts</c> and <c>texts_judged</c>; neither where there are none.</summary>
internal static class TextsSummary
{
    public static void Write(Utf8JsonWriter json, RunView run)
    {
        Array(json, "texts", run.TextsCompared, compared =>
        {
            json.WriteString("a", compared.A);
            json.WriteString("b", compared.B);
            json.WriteString("metric", compared.Metric);
            json.WriteString("verdict", compared.Verdict);
            RunSummary.Number(json, "difference", compared.Difference);
            Interval(json, compared.Low, compared.High, compared.Confidence);
            json.WriteNumber("samples", compared.Samples);
        });
        Array(json, "texts_judged", run.TextsJudged, judged =>
        {
            json.WriteString("judge", judged.Judge);
            json.WriteString("a", judged.A);
            json.WriteString("b", judged.B);
            json.WriteNumber("wins", judged.Wins);
            json.WriteNumber("ties", judged.Ties);
            json.WriteNumber("losses", judged.Losses);
            json.WriteNumber("not_counted", judged.Unusable + judged.Unasked);
            RunSummary.Number(json, "win_rate", judged.Rate ?? double.NaN);
            Interval(json, judged.Low, judged.High, judged.Confidence);
        });
    }

    private static void Array<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<T> write)
    {
        if (items.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Interval(Utf8JsonWriter json, double low, double high, double confidence)
    {
        json.WriteStartArray("interval");
        RunSummary.NumberValue(json, low);
        RunSummary.NumberValue(json, high);
        json.WriteEndArray();
        RunSummary.Number(json, "confidence", confidence);
    }
}
