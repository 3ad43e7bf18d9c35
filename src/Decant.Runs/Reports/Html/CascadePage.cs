using System.Globalization;
using Decant.Inference.Cascades;
using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Html.Sections;

namespace Decant.Runs.Reports.Html;

/// <summary>Makes <c>cascade.html</c> from a policy alone: one file, no network, no script.</summary>
internal static class CascadePage
{
    /// <summary>The page.</summary>
    public static string ToHtml(CascadePolicy policy) => Markup.Of($"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
        <meta name="color-scheme" content="light dark"><meta name="generator" content="Decant">
        <title>Cascade – Decant</title><style>{Markup.Trusted(PageStyle.Sheet + ChartStyle.Sheet)}</style></head><body><main>
        <h1>Cascade</h1><p>{CascadeCurves.Sentence(policy)}</p>
        <p class="fine">Student <bdi>{policy.Identity.Student}</bdi>, teacher <bdi>{policy.Identity.Teacher}</bdi>; compared with the {policy.Identity.Against} on {policy.Rows.ToString("N0", CultureInfo.InvariantCulture)} held-out rows.</p>
        {CascadeCurves.Of(policy)}
        <footer>Made by Decant from cascade.json; the same policy always gives this page.</footer>
        </main></body></html>

        """).ToString();
}
