using System.Globalization;
using Decant.Bench.Budgets;
using Spectre.Console;

namespace Decant.Bench.Rendering;

/// <summary>What a comparison with PyTorch came to, a table for each workload.</summary>
internal static class BenchView
{
    private const string Nothing = "–";

    public static void Write(IAnsiConsole console, BenchReport report)
    {
        foreach (var workload in report.Workloads)
        {
            console.Write(new StyledText($"\n{workload.Name}: {workload.About}, batch {workload.Batch}; a whole training is {workload.Epochs} epochs of {workload.Samples} samples\n", new Style(decoration: Decoration.Bold)));
            console.Write(Figures(console, workload));
            foreach (var line in Lines(workload)) console.Write(new StyledText(line + "\n"));
        }

        var facts = report.Machine.Facts;
        console.Write(new StyledText($"\n{facts.Cpu}, {facts.Cores} cores, our threads {facts.Threads}; libtorch {facts.Libtorch}, {facts.Blas} {facts.BlasKernels}"
            + (report.Machine.Pytorch is { } version ? $"; PyTorch {version}\n" : "\n")));
    }

    public static void Write(IAnsiConsole console, SoakReport report)
    {
        var table = NewTable(console, "", "resident memory", "live tensors", "open files", "");
        foreach (var workload in report.Workloads)
        {
            table.AddRow(
                new StyledText($"{workload.Name}, {workload.Steps} steps"),
                new StyledText(Change(workload.ResidentBytes, 1 << 20, " MiB")),
                new StyledText(Change(workload.LiveTensors, 1, "")),
                new StyledText(Change(workload.OpenHandles, 1, "")),
                new StyledText(workload.IsFlat ? "flat" : "grows", new Style(workload.IsFlat ? Color.Green : Color.Red)));
        }

        console.Write(table);
    }

    public static void Write(IAnsiConsole console, TokenizerBenchReport report)
    {
        var table = NewTable(console, "", "ours, one core", "peer, one core", "ours ÷ peer", "ours, all cores");
        foreach (var line in report.Lines)
            table.AddRow(new[] { $"{line.Tokenizer}, {line.Text}", Speed(line.Ours), Speed(line.Peer), Number(line.Ratio), Speed(line.AllCores) }.Select(cell => new StyledText(cell)));
        console.Write(table);
    }

    public static void Write(IAnsiConsole console, BudgetBenchReport report)
    {
        var table = NewTable(console, "budget", "keep it", "chosen", "validation", "test", "best of the grid", "validation", "test", "trainings", "");
        foreach (var line in report.Lines)
        {
            table.AddRow(new[]
            {
                line.Limits.ToString(), Text($"{line.Keeping}"), line.Chosen?.Name ?? "refused", Share(line.Chosen?.Validation), Share(line.Chosen?.Test), line.Best?.Name ?? "none", Share(line.Best?.Validation), Share(line.Best?.Test),
                Text($"{line.Cost:0.0}"), line.IsRight ? "right" : "wrong",
            }.Select(cell => new StyledText(cell)));
        }

        console.Write(table);

        static string Share(double? value) => value is { } share ? Text($"{share:P1}") : Nothing;
    }

    private static string Speed(double? value) => value is { } speed ? Text($"{speed:0.00} MB/s") : Nothing;

    private static Table Figures(IAnsiConsole console, WorkloadReport workload)
    {
        var table = NewTable(console, "", "ours, ms a step", "PyTorch", "tuned", "PyTorch ÷ ours", "tuned ÷ ours", "of peak");
        foreach (var (name, figures) in new[] { ("whole training", workload.Run), ("live teacher", workload.Live) })
        {
            if (figures is null) continue;
            var steps = figures.MillisecondsPerStep;
            string[] cells =
            [
                name, Number(steps.Ours), Number(steps.PytorchDefault), Number(steps.PytorchTuned),
                Ratio(figures.RatioDefault), Ratio(figures.RatioTuned), Text($"{100 * figures.PeakFraction:0} %"),
            ];
            table.AddRow(cells.Select(cell => new StyledText(cell)));
        }

        return table;
    }

    private static IEnumerable<string> Lines(WorkloadReport workload)
    {
        var memory = workload.PeakBytes;
        yield return $"most memory: ours {Mebibytes(memory.Ours)}" + (memory.Pytorch is { } theirs ? $", PyTorch {Mebibytes(theirs)}" : "")
            + Text($"; matrix product {workload.SgemmGflops.Ours:0} GFLOP/s; .NET heap {workload.ManagedBytesPerStep / 1024:0.0} KiB per step")
            + $"; tensors {workload.LiveTensors.AfterFirst} → {workload.LiveTensors.AfterLast}";
        yield return $"our threads: {workload.Cores.Run} in a whole training, {workload.Cores.Live} with a live teacher";
        if (workload.Head is { } head)
            yield return Text($"vocabulary of 50,257, 2,048 positions: {Mebibytes(head.PartsBytes)} with logits in parts, {Mebibytes(head.WholeBytes)} at once, {head.Ratio:0.00} of it");
        if (workload.Tuned is { } tuned)
            yield return $"tuned: {tuned.Variant}, {tuned.Threads} of libtorch's threads, OpenBLAS's {(tuned.BlasThreads == 0 ? "as they are" : tuned.BlasThreads)}" + (tuned.Kernels.Length > 0 ? $", its {tuned.Kernels} kernels" : "");
    }

    private static Table NewTable(IAnsiConsole console, params string[] titles)
    {
        var table = new Table { Border = console.Profile.Capabilities.Ansi ? TableBorder.Rounded : TableBorder.Simple, UseSafeBorder = false };
        foreach (var title in titles)
        {
            var column = new TableColumn(new StyledText(title, new Style(decoration: Decoration.Bold)));
            table.AddColumn(title.Length > 0 ? column.RightAligned() : column);
        }

        return table;
    }

    private static string Ratio(Spread? ratio) => ratio is null ? Nothing : Text($"{ratio.Median:0.00} ({ratio.Min:0.00}–{ratio.Max:0.00})");

    private static string Number(double? value) => value is { } number ? Text($"{number:0.00}") : Nothing;

    private static string Mebibytes(double bytes) => Text($"{bytes / (1 << 20):0} MiB");

    private static string Change(SoakFigure figure, double unit, string name) => Text($"{figure.Early / unit:0.#} → {figure.Late / unit:0.#}{name}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
