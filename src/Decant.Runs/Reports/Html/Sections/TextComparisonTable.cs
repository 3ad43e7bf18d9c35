using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Sections;

/// <summary>The texts that the models wrote after test prompts, two by two: differences with intervals, and whose texts a judge preferred.</summary>
internal static class TextComparisonTable
{
    public static Markup Of(RunView run) => Markup.Of($"{Differences(run)}{Preferences(run)}");

    private static Markup Differences(RunView run)
    {
        if (run.TextsCompared.Count == 0)
            return Markup.Empty;
        var (first, measured) = (run.TextsCompared[0], run.Models.SelectMany(m => m.Texts).FirstOrDefault());
        return Markup.Of($"""
            <figure><h3>Generated texts</h3><div class="scroll"><table><thead><tr><th>Texts of</th><th>Figure</th><th>Difference, points</th><th>{Words.Percent(first.Confidence, 0)} interval</th></tr></thead><tbody>
            {run.TextsCompared.Select(Row)}
            </tbody></table></div><figcaption>Each model continued the same {Words.Count(first.Samples)} test prompts{How(measured)}. The interval draws prompts again{(first.Seeds > 1 ? $", crossed with {first.Seeds} seeds" : "; training again was not tried")}.</figcaption></figure>

            """);
    }

    private static string How(TextsMeasured? measured) => measured is null ? ""
        : $", with at most {Words.Count(measured.MaxNewTokens)} new tokens, {(measured.SamplingTemperature == 0 ? "the most probable token each time" : $"sampled at temperature {Words.Three(measured.SamplingTemperature)}")}";

    private static Markup Row(TextsCompared compared)
    {
        var look = MetricLook.For(compared.Metric);
        var digits = compared.High - compared.Low < 0.01 ? 2 : 1;
        return Markup.Of($"""<tr><th scope="row">{Words.Arm(compared.A)} minus {Words.Small(Words.Arm(compared.B))}</th><td class="name">{look.Title}</td><td>{look.Signed(compared.Difference, digits)}</td><td>{look.Signed(compared.Low, digits)} to {look.Signed(compared.High, digits)}</td></tr>""");
    }

    private static Markup Preferences(RunView run)
    {
        if (run.TextsJudged.Count == 0)
            return Markup.Empty;
        var first = run.TextsJudged[0];
        return Markup.Of($"""
            <figure><h3>Whose texts a judge preferred</h3><div class="scroll"><table><thead><tr><th>Texts of</th><th>Wins</th><th>Ties</th><th>Losses</th><th>Not counted</th><th>Win rate</th><th>{Words.Percent(first.Confidence, 0)} interval</th></tr></thead><tbody>
            {run.TextsJudged.Select(Row)}
            </tbody></table></div><figcaption><bdi>{first.Judge}</bdi> saw each pair of texts in both orders; what it did not say both times is a tie, and so are texts that are the same. A tie is half a win; 50 % is no preference.
            {string.Concat(run.TextsJudged.Select(Ties))}</figcaption></figure>

            """);
    }

    private static Markup Row(TextsJudged judged) => Markup.Of($"""
        <tr><th scope="row">{Words.Arm(judged.A)} against {Words.Small(Words.Arm(judged.B))}</th><td>{Words.Count(judged.Wins)}</td><td>{Words.Count(judged.Ties)}</td><td>{Words.Count(judged.Losses)}</td><td>{Words.Count(judged.Unusable + judged.Unasked)}</td><td>{(judged.Rate is { } rate ? Words.Percent(rate) : "–")}</td><td>{Words.Percent(judged.Low)} to {Words.Percent(judged.High)}</td></tr>
        """);

    private static string Ties(TextsJudged judged) =>
        $"Against {Words.Small(Words.Arm(judged.B))}, {Words.Count(judged.Identical)} ties are the same texts and {Words.Count(judged.Disagreed)} answers that changed with the order. ";
}
