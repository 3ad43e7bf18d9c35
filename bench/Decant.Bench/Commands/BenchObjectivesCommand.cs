using System.CommandLine;
using Decant.Bench.Hosting;
using Decant.Bench.Rendering;

namespace Decant.Bench.Commands;

internal static class BenchObjectivesCommand
{
    public static Command Create(BenchServices services)
    {
        var defaults = new ObjectiveBenchRequest();
        var objectives = new Argument<string[]>("objectives") { Description = "Kinds of objectives, or objectives as in a recipe, '{ kind: …, … }'; default: every kind with its defaults.", Arity = ArgumentArity.ZeroOrMore };
        var rounds = new Option<int>("--rounds") { Description = "Rounds, alternating between the objectives.", HelpName = "n", DefaultValueFactory = _ => defaults.Rounds };
        var steps = new Option<int>("--steps") { Description = "Optimizer steps of each objective per round.", HelpName = "n", DefaultValueFactory = _ => defaults.Steps };
        var quick = new Option<bool>("--without-memory") { Description = "Measure only time; memory needs a process per objective." };
        var threads = new Option<int?>("--threads") { Description = "Number of threads; default: one per core.", HelpName = "n" };
        var json = new Option<string?>("--json") { Description = "Also write all figures as JSON to this file; -: to standard output, and nothing else.", HelpName = "file" };
        var command = new Command("objectives", "Measure the time and memory that each objective adds to soft targets.") { objectives, rounds, steps, quick, threads, json };
        command.SetAction(parse =>
        {
            var request = new ObjectiveBenchRequest
            {
                Objectives = parse.GetValue(objectives) ?? [],
                Rounds = AtLeastOne("--rounds", parse.GetValue(rounds)),
                Steps = AtLeastOne("--steps", parse.GetValue(steps)),
                Memory = !parse.GetValue(quick),
                Threads = parse.GetValue(threads),
            };
            var file = parse.GetValue(json);
            var report = services.Work.Value.Objectives(request, new BenchProgress(file == "-" ? TextWriter.Null : services.Out), services.Token);
            if (file != "-") ObjectiveBenchView.Write(services.Console.Value, report);
            JsonFile.Write(services.Out, file, BenchJson.Of(report));
            return ExitCodes.Success;
        });
        return command;
    }

    private static int AtLeastOne(string option, int count) => count >= 1 ? count : throw new DecantException($"{option}: expected at least 1, came {count}.");
}
