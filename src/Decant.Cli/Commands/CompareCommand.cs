using System.CommandLine;
using Decant.Cli.Hosting;

namespace Decant.Cli.Commands;

internal static class CompareCommand
{
    public static Command Create(CliServices services)
    {
        var models = new Argument<string[]>("models")
        {
            Description = "Folders of trained models or of runs, or hf:ORG/NAME, two or more; the others are compared with the first.",
            Arity = ArgumentArity.OneOrMore,
        };
        var measure = new EvaluateOptions();
        var command = new Command("compare", "Evaluate trained models on the same test split and report their differences with confidence intervals.") { models };
        measure.AddTo(command);
        command.SetAction(parse =>
        {
            var folders = parse.GetRequiredValue(models);
            if (folders.Length < 2) throw new DecantException("compare: expected two models or more, came one; 'decant evaluate' measures one alone.");
            return measure.Run(services, parse, folders);
        });
        return command;
    }
}
