using System.Globalization;
using Spectre.Console;

namespace Decant.Bench.Rendering;

/// <summary>What objectives cost, a table for each pair of models, the cheapest first; then those that did not run, with the reason.</summary>
internal static class ObjectiveBenchView
{
    private const string Nothing = "–";
    private static readonly Style s_bold = new(decoration: Decoration.Bold);

    public static void Write(IAnsiConsole console, ObjectiveBenchReport report)
    {
        foreach (var pair in report.Pairs)
        {
            console.Write(new StyledText($"\n{pair.Name}: {pair.About}, batch {pair.Batch}\n", s_bold));
            console.Write(Table(console, pair));
            foreach (var cost in pair.Objectives.Where(o => o.Reason is not null))
                console.Write(new StyledText($"{cost.Objective}: not measured. {cost.Reason}\n"));
        }

        var facts = report.Machine.Facts;
        console.Write(new StyledText($"\n{facts.Cpu}, {facts.Cores} cores, threads {facts.Threads}; libtorch {facts.Libtorch}, {facts.Blas} {facts.BlasKernels}\n"));
    }

    private static Table Table(IAnsiConsole console, ObjectivePairReport pair)
    {
        var table = new Table { Border = console.Profile.Capabilities.Ansi ? TableBorder.Rounded : TableBorder.Simple, UseSafeBorder = false };
        foreach (var title in new[] { "", "ms more", "from–to", "processor ms", "memory" })
        {
            var column = new TableColumn(new StyledText(title, s_bold));
            table.AddColumn(title.Length > 0 ? column.RightAligned() : column);
        }

        table.AddRow(Cells("soft-targets alone", Text($"{pair.BaseMilliseconds:0.0} in all"), "", Text($"{pair.BaseProcessorMilliseconds:0.0} in all"), pair.BaseBytes is { } bytes ? Text($"{bytes / (1 << 20):0} MiB in all") : Nothing));
        foreach (var cost in pair.Objectives.Where(o => o.AddedMilliseconds is not null).OrderBy(o => o.AddedMilliseconds))
        {
            table.AddRow(Cells(
                cost.Objective,
                Text($"{cost.AddedMilliseconds:+0.0;−0.0;0.0}"),
                cost.Range is { } range ? Text($"{range.Least:+0.0;−0.0;0.0} to {range.Most:+0.0;−0.0;0.0}") : Nothing,
                cost.AddedProcessorMilliseconds is { } work ? Text($"{work:+0.0;−0.0;0.0}") : Nothing,
                cost.AddedBytes is { } more ? Text($"{more / (1 << 20):+0;−0;0} MiB") : Nothing));
        }

        return table;
    }

    private static IEnumerable<StyledText> Cells(params string[] cells) => cells.Select(cell => new StyledText(cell));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
