using System.Text;
using Decant.Files;
using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Html.Sections;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html;

/// <summary>Makes <c>report.html</c> from a run's record alone: one file, no network, no script.</summary>
internal static class ReportPage
{
    /// <summary>Writes the page anew: under another name first, then renamed.</summary>
    /// <exception cref="DecantException">The file cannot be written.</exception>
    public static void Write(RunRecord record, string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(ToHtml(record)));

    /// <summary>The page.</summary>
    public static string ToHtml(RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Tasks.Count > 0)
            return TasksPage.Of(record).ToString();
        var run = new RunView(record);
        return Markup.Of($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
            <meta name="color-scheme" content="light dark"><meta name="generator" content="Decant">
            <title>{HeaderSection.Title(run)} – Decant</title><style>{Markup.Trusted(PageStyle.Sheet + ChartStyle.Sheet + (run.Task == TaskLook.Classification ? "" : TaskStyle.Sheet))}</style></head><body><main>
            {HeaderSection.Of(run)}{VerdictSection.Of(run)}{TableSection.Of(run)}{ExportSection.Of(run)}{CascadeSection.Of(run)}{CurvesSection.Of(run)}{DifferencesSection.Of(run)}{ContinuationsSection.Of(run)}{TeacherSaidSection.Of(run)}{DetailsSection.Of(run)}
            <footer>Made by Decant from record.jsonl; the same record always gives this page.</footer>
            </main></body></html>

            """).ToString();
    }
}
