using System.CommandLine;
using Decant.Jobs;

namespace Decant.Cli;

internal static class BenchObjectivesCommand
{
    public static Command Create(CliServices services)
    {
        var defaults = new ObjectiveBenchRequest();
        var objectives = new Argument<string[]>("objectives") { Description = "Kinds, or objectives as a recipe writes them, '{ kind: …, … }'; every kind as it is unless given.", Arity = ArgumentArity.ZeroOrMore };
        var rounds = new Option<int>("--rounds") { Description = "Rounds of all of them, in turn.", HelpName = "n", DefaultValueFactory = _ => defaults.Rounds };
        var steps = new Option<int>("--steps") { Description = "Updates of each in a round.", HelpName = "n", DefaultValueFactory = _ => defaults.Steps };
        var quick = new Option<bool>("--without-memory") { Description = "Measure time alone; memory takes a process for each objective." };
        var threads = new Option<int?>("--threads") { Description = "Threads; one per core unless given.", HelpName = "n" };
        var json = new Option<string?>("--json") { Description = "Write all figures to a file as well; - writes them here, and nothing else.", HelpName = "file" };
        var command = new Command("objectives", "Measure the time and memory that each objective adds to soft targets alone.") { objectives, rounds, steps, quick, threads, json };
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
            services.Interruption.Tell = _ => services.Error.WriteLine("Stopping; nothing of this is kept.");
            services.Interruption.Listen();
            var file = parse.GetValue(json);
            var report = services.Jobs.Value.BenchObjectives(request, new BenchProgress(file == "-" ? TextWriter.Null : services.Out), services.Interruption.Token);
            if (file != "-") ObjectiveBenchView.Write(services.Console.Value, report);
            JsonFile.Write(services, file, BenchJson.Of(report));
            return ExitCodes.Success;
        });
        return command;
    }

    private static int AtLeastOne(string option, int count) => count >= 1 ? count : throw new DecantException($"{option}: expected at least 1, came {count}.");
}
