namespace Decant.Runs.Reports.Html;

/// <summary>The style of what only tasks other than classification have.</summary>
internal static class TaskStyle
{
    public const string Sheet = """
        .big small{font-size:1.25rem;font-weight:500;letter-spacing:0;color:var(--muted);white-space:nowrap}
        .speck{stroke:var(--arm);stroke-width:5;stroke-linecap:round;opacity:.5}
        .continued{margin:0 0 2rem;border-top:1px solid var(--line);padding-top:1.1rem}
        .continued blockquote{font-size:1.05rem;font-weight:600;margin-bottom:.9rem}
        .columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,14rem),1fr));gap:1.1rem 2rem}
        .columns h3{font-size:.88rem;color:var(--muted);margin-bottom:.3rem}
        .columns p{margin:0;font-size:.95rem;line-height:1.5;white-space:pre-line}
        .columns em{color:var(--muted)}
        .samples p.answers{display:flex;margin-top:.15rem}
        @media print{.continued{break-inside:avoid}}

        """;
}
