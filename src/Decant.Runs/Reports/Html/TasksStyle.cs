namespace Decant.Runs.Reports.Html;

/// <summary>The style of what only a report of several tasks has.</summary>
internal static class TasksStyle
{
    public const string Sheet = """
        :root{--single:#7a4bb3}
        @media (prefers-color-scheme:dark){:root{--single:#b794f0}}
        .single{--arm:var(--single)}
        .task{margin-top:5rem;border-top:3px solid var(--ink);padding-top:1rem}.task h2{font-size:1.8rem;margin:0}
        .answers-of-tasks{margin:1.2rem 0 0;padding-left:1.2rem;max-width:46rem}.answers-of-tasks li{margin:.35rem 0}

        """;
}
