using System.CommandLine;
using Decant.Bench.Hosting;
using Decant.Bench.Rendering;

namespace Decant.Bench.Commands;

internal static class BenchCommand
{
    private const int FewestPairs = 1;

    public static RootCommand Create(BenchServices services)
    {
        var workloads = new Argument<string[]>("workloads") { Description = "mlp, cnn, resnet, encoder, lstm, gpt, lstm-lm; default: all.", Arity = ArgumentArity.ZeroOrMore };
        var json = new Option<string?>("--json") { Description = "Also write all figures as JSON to this file; -: to standard output, and nothing else.", HelpName = "file" };
        var pairs = new Option<int>("--pairs") { Description = "Rounds of each side, alternating.", HelpName = "n", DefaultValueFactory = _ => new BenchRequest().Pairs };
        var mode = new Option<string>("--mode") { Description = "run: whole trainings; live: optimizer steps that compute the teacher's outputs each time; both.", DefaultValueFactory = _ => "both" };
        mode.AcceptOnlyFromAmong("run", "live", "both");
        var python = new Option<string>("--python") { Description = "Python interpreter with PyTorch.", HelpName = "program", DefaultValueFactory = _ => BenchJob.DefaultPython };
        var alone = new Option<bool>("--without-peer") { Description = "Measure only Decant, without PyTorch." };
        var threads = new Option<int?>("--threads") { Description = "Number of threads of Decant; default: one per core.", HelpName = "n" };
        var command = new RootCommand("Benchmark the training loop against a plain PyTorch loop on this machine.") { workloads, json, pairs, mode, python, alone, threads };
        command.Add(SoakCommand.Create(services));
        command.Add(BenchTokenizersCommand.Create(services));
        command.Add(BenchObjectivesCommand.Create(services));
        command.Add(TokenizerLibrariesCommand.Create());
        command.Add(AdaptersCommand.Create(services));
        command.Add(BudgetsCommand.Create(services));
        command.Add(CascadesCommand.Create(services));
        command.Add(ChatServerCommand.Create(services));
        command.Add(BenchSideCommand.Create(services));
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
            var file = parse.GetValue(json);
            var report = services.Work.Value.Compare(request, new BenchProgress(file == "-" ? TextWriter.Null : services.Out), services.Token);
            if (file != "-") BenchView.Write(services.Console.Value, report);
            JsonFile.Write(services.Out, file, BenchJson.Of(report));
            return ExitCodes.Success;
        });
        return command;
    }
}
