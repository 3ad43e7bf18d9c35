using System.CommandLine;
using System.Globalization;
using Decant.Bench.Cascades;
using Decant.Bench.Hosting;
using Decant.Runs.Cascades;

namespace Decant.Bench.Commands;

internal static class CascadesCommand
{
    public static Command Create(BenchServices services)
    {
        var files = new Argument<string[]>("rows") { Description = "Files of rows that 'decant cascade … --rows FILE' wrote.", Arity = ArgumentArity.OneOrMore };
        var levels = new Option<double[]>("--risk") { Description = "Limits of the risk; may be repeated.", HelpName = "x", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [0.02, 0.05, 0.1] };
        var heldOut = new Option<int>("--held-out") { Description = "Rows that each threshold is chosen on.", HelpName = "n", DefaultValueFactory = _ => 1000 };
        var count = new Option<int>("--deployments") { Description = "How often a threshold is chosen.", HelpName = "n", DefaultValueFactory = _ => 200 };
        var seed = new Option<long>("--seed") { Description = "Of the draws.", HelpName = "n", DefaultValueFactory = _ => 1 };
        var against = new Option<string>("--against") { Description = "What counts as wrong.", DefaultValueFactory = _ => "teacher" };
        against.AcceptOnlyFromAmong("teacher", "labels");
        var command = new Command("cascades", "Choose the threshold of a cascade many times on few rows of many, and count how often the limit of the risk is broken.") { files, levels, heldOut, count, seed, against };
        command.SetAction(parse =>
        {
            var (n, truth, broken) = (parse.GetValue(count), parse.GetValue(against) == "labels" ? CascadeTruth.Labels : CascadeTruth.Teacher, false);
            services.Out.WriteLine("rows\trisk\theld-out\tthreshold\tbroken\tbroken on rows not drawn\tshare\tmean risk\tbest share");
            foreach (var file in parse.GetRequiredValue(files))
            {
                foreach (var level in parse.GetRequiredValue(levels))
                {
                    var rows = CascadeRow.HeldOut(CascadeRow.Read(file), truth, file);
                    var result = SimulatedDeployments.Run(rows, new() { Risk = level }, parse.GetValue(heldOut), n, (ulong)parse.GetValue(seed));
                    services.Out.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Path.GetFileName(file)}\t{level}\t{parse.GetValue(heldOut)}\t{result.Chosen}\t{result.Broken}\t{result.BrokenApart}\t{result.ShareLocal:0.000}\t{result.Risk:0.0000}\t{result.Best:0.000}"));
                    broken |= result.Broken > MostBroken(n);
                }
            }

            return broken ? ExitCodes.Fault : ExitCodes.Success;
        });
        return command;
    }

    /// <summary>5 %, and 2.1 standard deviations of chance: 17 of 200.</summary>
    private static int MostBroken(int deployments) => (int)Math.Ceiling((0.05 * deployments) + (2.1 * Math.Sqrt(0.05 * 0.95 * deployments)));
}
