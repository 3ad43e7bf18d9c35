using System.CommandLine;
using Decant.Bench.Hosting;

namespace Decant.Bench.Commands;

/// <summary>Our side of a comparison, in a process of its own; started by <c>bench</c> alone.</summary>
internal static class BenchSideCommand
{
    public static Command Create(BenchServices services)
    {
        var workload = new Argument<string>("workload");
        var folder = new Argument<string>("folder");
        var threads = new Option<int?>("--threads");
        var command = new Command(BenchJob.SideCommand, "Decant's side of a benchmark.") { workload, folder, threads };
        command.Hidden = true;
        command.SetAction(parse =>
        {
            services.Work.Value.Side(parse.GetRequiredValue(workload), parse.GetRequiredValue(folder), parse.GetValue(threads), Console.In, services.Out);
            return ExitCodes.Success;
        });
        return command;
    }
}
