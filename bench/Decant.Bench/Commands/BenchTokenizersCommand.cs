using System.CommandLine;
using Decant.Bench.Hosting;
using Decant.Bench.Rendering;

namespace Decant.Bench.Commands;

internal static class BenchTokenizersCommand
{
    public static Command Create(BenchServices services)
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
            var file = parse.GetValue(json);
            var report = services.Work.Value.Tokenizers(request, new BenchProgress(file == "-" ? TextWriter.Null : services.Out), services.Token);
            if (file != "-") BenchView.Write(services.Console.Value, report);
            JsonFile.Write(services.Out, file, BenchJson.Of(report));
            return ExitCodes.Success;
        });
        return command;
    }
}
