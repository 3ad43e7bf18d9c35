using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Html.Sections;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html;

/// <summary>The report of a run of several tasks: all of them side by side, then each as a run of its own.</summary>
internal static class TasksPage
{
    public static Markup Of(RunRecord record)
    {
        var run = new TasksView(record);
        return Markup.Of($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
            <meta name="color-scheme" content="light dark"><meta name="generator" content="Decant">
            <title>{HeaderSection.Title(run.Whole)} – Decant</title><style>{Markup.Trusted(PageStyle.Sheet + ChartStyle.Sheet + TaskStyle.Sheet + TasksStyle.Sheet)}</style></head><body><main>
            {HeaderSection.Of(run.Whole, Sentence(run))}{TasksSection.Of(run)}{CurvesSection.Of(run.Whole)}{run.Tasks.Select(t => Task(t.Key, t.Value))}{DetailsSection.Of(run.Whole)}
            <footer>Made by Decant from record.jsonl; the same record always gives this page.</footer>
            </main></body></html>

            """);
    }

    private static Markup Sentence(TasksView run)
    {
        var names = string.Join(", ", run.Tasks.Select(t => t.Key));
        if (run.Whole.Student?.Model is not { Parameters: > 0 } student)
            return Markup.Of($"Models of {Words.Count(run.Tasks.Count)} tasks were trained: {names}.");
        var shared = student.Shared is { } common ? $"; {Words.Percent((double)common / student.Parameters, 0)} of them serve every task" : "";
        var control = run.Whole.Control is null ? "" : " The control is the same student with the same budget, but without the teachers.";
        var all = run.Tasks.Any(t => t.Value.AllLabels is not null) ? $" “{Words.Arm(Arms.AllLabels)}” is the control on all labels of every task." : "";
        var single = run.Tasks.Any(t => t.Value.Single is not null) ? " A single is the same student, distilled for one task alone with as many updates on it." : "";
        return Markup.Of($"One student of {Words.Large(student.Parameters)} parameters (<bdi>{student.Kind}</bdi>) learned {Words.Count(run.Tasks.Count)} tasks, {names}, each from a teacher of its own{shared}.{control}{all}{single}");
    }

    private static Markup Task(string name, RunView run) => Markup.Of($"""
        <section class="task" id="task-{name}"><h2>{name}</h2></section>
        {VerdictSection.Of(run)}{TableSection.Of(run)}{CurvesSection.Of(run)}{DifferencesSection.Of(run)}{DetailsSection.OfTask(run)}
        """);
}
