using System.CommandLine;
using System.Globalization;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Runs.Jobs.Synthesizing;
using Decant.Runs.Recipes.Reading;

namespace Decant.Cli.Commands;

/// <summary><c>decant synthesize</c>: has a chat model write rows.</summary>
internal static class SynthesizeCommand
{
    public static Command Create(CliServices services)
    {
        var file = new Argument<string>("file") { Description = "YAML file that says what is to be written, by which model, and what a row must be; 'decant new synthesize' writes one." };
        var output = new Option<string?>("--out") { Description = "File of the rows, .csv or .jsonl; default: the YAML file's name with .synthetic.csv, in the current folder.", HelpName = "file" };
        var yes = AgreeOption.Create();
        var quiet = CommonOptions.Quiet();
        var command = new Command("synthesize", "Have a chat model write new inputs; keep those that are new, as they should be, and not in the test files.") { file, output, yes, quiet };
        command.SetAction(parse =>
        {
            services.Interruption.Listen();
            services.Interruption.GoOn = services.CommandLine;
            var path = parse.GetRequiredValue(file);
            var recipe = new SynthesisReader(services.Catalog.Value.Kinds) { Environment = services.Environment }.Read(path);
            var result = new SynthesizeJob(AgreeOption.Agreeing(services, parse.GetValue(yes))).Run(
                new()
                {
                    Recipe = recipe,
                    Out = parse.GetValue(output) ?? Path.GetFileNameWithoutExtension(path) + ".synthetic.csv",
                    Progress = parse.GetValue(quiet) ? null : (rows, wanted) => services.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} of {wanted:N0} rows")),
                },
                services.Interruption.Token);
            TwoColumns.Write(services.Console.Value, SynthesisSummary.Lines(recipe, result));
            return ExitCodes.Success;
        });
        return command;
    }
}
