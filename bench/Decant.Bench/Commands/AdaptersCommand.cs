using System.CommandLine;
using Decant.Bench.Adapters;
using Decant.Bench.Hosting;

namespace Decant.Bench.Commands;

internal static class AdaptersCommand
{
    public static Command Create(BenchServices services)
    {
        var defaults = new AdapterBench { Folder = "" };
        var folder = new Argument<string>("model") { Description = "Folder of a model that reads tokens." };
        var rank = new Option<int?>("--rank") { Description = "Rank of the adapter; default: all weights are trained.", HelpName = "n" };
        var again = new Option<bool>("--gradient-checkpointing") { Description = "Compute the layers again in the backward pass." };
        var rows = new Option<int>("--rows") { Description = "Texts in a batch.", HelpName = "n", DefaultValueFactory = _ => defaults.Rows };
        var tokens = new Option<int>("--tokens") { Description = "Tokens in a text.", HelpName = "n", DefaultValueFactory = _ => defaults.Tokens };
        var updates = new Option<int>("--updates") { Description = "Updates that are timed.", HelpName = "n", DefaultValueFactory = _ => defaults.Updates };
        var command = new Command("adapters", "What updates of a model cost that learns from itself: memory, optimizer, checkpoint, time.") { folder, rank, again, rows, tokens, updates };
        command.SetAction(parse =>
        {
            var figures = new AdapterBench
            {
                Folder = parse.GetValue(folder)!,
                Rank = parse.GetValue(rank),
                Recomputes = parse.GetValue(again),
                Rows = parse.GetValue(rows),
                Tokens = parse.GetValue(tokens),
                Updates = parse.GetValue(updates),
            }.Run();
            services.Out.WriteLine(FormattableString.Invariant(
                $"peak {figures.PeakBytes / 1e6:N1} MB, optimizer {figures.OptimizerBytes / 1e6:N2} MB, checkpoint {figures.CheckpointBytes / 1e6:N2} MB, {figures.Milliseconds:N0} ms per update"));
            return ExitCodes.Success;
        });
        return command;
    }
}
