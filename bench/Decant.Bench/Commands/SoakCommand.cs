using System.CommandLine;
using Decant.Bench.Hosting;
using Decant.Bench.Rendering;

namespace Decant.Bench.Commands;

internal static class SoakCommand
{
    public static Command Create(BenchServices services)
    {
        var workloads = new Argument<string[]>("workloads") { Description = "mlp, cnn, resnet, encoder, lstm; default: all.", Arity = ArgumentArity.ZeroOrMore };
        var steps = new Option<int>("--steps") { Description = "Optimizer steps per workload.", HelpName = "n", DefaultValueFactory = _ => new SoakRequest().Steps };
        var batch = new Option<int?>("--batch") { Description = "Batch size, in samples; default: that of the workload.", HelpName = "n" };
        var json = new Option<string?>("--json") { Description = "Also write all figures as JSON to this file; -: to standard output, and nothing else.", HelpName = "file" };
        var command = new Command("soak", "Train for long and check that memory, tensors and open files do not grow.") { workloads, steps, batch, json };
        command.SetAction(parse =>
        {
            var request = new SoakRequest { Workloads = parse.GetValue(workloads) ?? [], Steps = parse.GetValue(steps), Batch = parse.GetValue(batch) };
            var file = parse.GetValue(json);
            var report = services.Work.Value.Soak(request, new BenchProgress(file == "-" ? TextWriter.Null : services.Out), services.Token);
            if (file != "-") BenchView.Write(services.Console.Value, report);
            JsonFile.Write(services.Out, file, BenchJson.Of(report));
            return report.IsFlat ? ExitCodes.Success : ExitCodes.Fault;
        });
        return command;
    }
}
