using System.CommandLine;
using System.Globalization;
using Decant.Bench.Budgets;
using Decant.Bench.Hosting;
using Decant.Bench.Rendering;

namespace Decant.Bench.Commands;

internal static class BudgetsCommand
{
    public static Command Create(BenchServices services)
    {
        var recipe = new Option<string>("--recipe") { Description = "Recipe with a budget.", HelpName = "file", DefaultValueFactory = _ => Path.Combine("bench", "budgets.yaml") };
        var folder = new Option<string>("--out") { Description = "Folder of all runs; what is finished in it is not repeated.", HelpName = "folder", DefaultValueFactory = _ => Path.Combine("runs", "budgets") };
        var count = new Option<int>("--budgets") { Description = "Number of budgets.", HelpName = "n", DefaultValueFactory = _ => 20 };
        var seed = new Option<int>("--seed") { Description = "Seed that they are drawn from.", HelpName = "n", DefaultValueFactory = _ => 1 };
        var command = new Command("budgets", "Search students for random budgets ('decant fit'), and compare them with the best of all candidates trained to the end.") { recipe, folder, count, seed };
        command.SetAction(parse =>
        {
            var report = BudgetBenchJob.Run(parse.GetRequiredValue(recipe), Path.GetFullPath(parse.GetRequiredValue(folder)), parse.GetValue(count), parse.GetValue(seed), services.Out.WriteLine, services.Token);
            BenchView.Write(services.Console.Value, report);
            services.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Mean loss of accuracy on the test split: {report.MeanLoss:0.00} points; mean cost of a search: {report.MeanCost:P1} of the grid's {report.Candidates} trainings."));
            return report.IsRight ? ExitCodes.Success : ExitCodes.Fault;
        });
        return command;
    }
}
