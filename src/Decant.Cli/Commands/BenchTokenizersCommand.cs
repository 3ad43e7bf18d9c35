using System.CommandLine;
using Decant.Bench;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;

namespace Decant.Cli.Commands;

internal static class BenchTokenizersCommand
{
    public static Command Create(CliServices services)
    {
        var data = new Option<string?>("--data") { Description = "Folder of the data sets; default: the environment variable DECANT_DATA.", HelpName = "folder" };
        var peer = new Option<string?>("--peer-folder") { Description = "Folder where 'npm install @huggingface/tokenizers' was run; default: only Decant is measured.", HelpName = "folder" };
        var pairs = new Option<int>("--pairs") { Description = "Rounds of each side, alternating.", HelpName = "n", DefaultValueFactory = _ => 3 };
        var json = new Option<string?>("--json") { Description = "Also write all figures as JSON to this file; -: to standard output, and nothing else.", HelpName = "file" };
        var command = new Command("tokenizers", "Compare the tokenizers with the package @huggingface/tokenizers on this machine.") { data, peer, pairs, json };
        command.SetAction(parse =>
        {
            var request = new TokenizerBenchRequest
            {
                Data = parse.GetValue(data) ?? Environment.GetEnvironmentVariable("DECANT_DATA") ?? throw new DecantException("bench tokenizers: say --data, or set DECANT_DATA to the folder of the data sets."),
                PeerFolder = parse.GetValue(peer),
                Pairs = parse.GetValue(pairs) is var count && count >= 1 ? count : throw new DecantException($"--pairs: expected at least 1, came {count}."),
            };
            services.Interruption.Tell = _ => services.Error.WriteLine("Stopping; nothing of this is kept.");
            services.Interruption.Listen();
            var file = parse.GetValue(json);
            var report = services.Jobs.Value.BenchTokenizers(request, new BenchProgress(file == "-" ? TextWriter.Null : services.Out), services.Interruption.Token);
            if (file != "-") BenchView.Write(services.Console.Value, report);
            JsonFile.Write(services, file, BenchJson.Of(report));
            return ExitCodes.Success;
        });
        return command;
    }
}
