using System.CommandLine;
using Decant.Jobs;

namespace Decant.Cli;

internal static class BenchCommand
{
    private const int FewestPairs = 1;

    public static Command Create(CliServices services)
    {
        var workloads = new Argument<string[]>("workloads") { Description = "mlp, cnn, resnet, encoder, lstm, gpt, lstm-lm; all of them unless given.", Arity = ArgumentArity.ZeroOrMore };
        var json = new Option<string?>("--json") { Description = "Write all figures to a file as well; - writes them here, and nothing else.", HelpName = "file" };
        var pairs = new Option<int>("--pairs") { Description = "Rounds of each side, in turn.", HelpName = "n", DefaultValueFactory = _ => new BenchRequest().Pairs };
        var mode = new Option<string>("--mode") { Description = "run: trainings from start to end; live: updates that ask the teacher every time; both.", DefaultValueFactory = _ => "both" };
        mode.AcceptOnlyFromAmong("run", "live", "both");
        var python = new Option<string>("--python") { Description = "The Python that has PyTorch.", HelpName = "program", DefaultValueFactory = _ => BenchJob.DefaultPython };
        var alone = new Option<bool>("--without-peer") { Description = "Measure our side alone, without PyTorch." };
        var threads = new Option<int?>("--threads") { Description = "Threads of our side; one per core unless given.", HelpName = "n" };
        var command = new Command("bench", "Compare the training loop with a plain PyTorch loop on this machine.") { workloads, json, pairs, mode, python, alone, threads };
        command.Add(SoakCommand.Create(services));
        command.Add(BenchTokenizersCommand.Create(services));
        command.Add(BenchObjectivesCommand.Create(services));
        command.SetAction(parse =>
        {
            var request = new BenchRequest
            {
                Workloads = parse.GetValue(workloads) ?? [],
                Pairs = parse.GetValue(pairs) is var count && count >= FewestPairs ? count : throw new DecantException($"--pairs: expected at least {FewestPairs}, came {count}."),
                Run = parse.GetValue(mode) is not "live",
                Live = parse.GetValue(mode) is not "run",
                Python = parse.GetValue(alone) ? null : parse.GetValue(python),
                Threads = parse.GetValue(threads),
            };
            services.Interruption.Tell = _ => services.Error.WriteLine("Stopping; nothing of this is kept.");
            services.Interruption.Listen();
            var file = parse.GetValue(json);
            var report = services.Jobs.Value.Bench(request, new BenchProgress(file == "-" ? TextWriter.Null : services.Out), services.Interruption.Token);
            if (file != "-") BenchView.Write(services.Console.Value, report);
            JsonFile.Write(services, file, BenchJson.Of(report));
            return ExitCodes.Success;
        });
        return command;
    }
}

/// <summary>Our side of a comparison, in a process of its own; started by <c>bench</c> alone.</summary>
internal static class BenchSideCommand
{
    public static Command Create(CliServices services)
    {
        var workload = new Argument<string>("workload");
        var folder = new Argument<string>("folder");
        var threads = new Option<int?>("--threads");
        var command = new Command(BenchJob.SideCommand, "Our side of a comparison.") { workload, folder, threads };
        command.Hidden = true;
        command.SetAction(parse =>
        {
            services.Jobs.Value.BenchSide(parse.GetRequiredValue(workload), parse.GetRequiredValue(folder), parse.GetValue(threads), Console.In, services.Out);
            return ExitCodes.Success;
        });
        return command;
    }
}
