using System.CommandLine;
using System.Diagnostics;
using Decant.Cli.Hosting;

namespace Decant.Cli.Commands;

/// <summary>Starts the benchmarks, which are a project of their own in a clone and not part of the tool.</summary>
internal static class BenchCommand
{
    public static Command Create(CliServices services)
    {
        var arguments = new Argument<string[]>("arguments")
        {
            Description = "Workloads (mlp, cnn, resnet, encoder, lstm, gpt, lstm-lm; default: all), or soak, tokenizers, tokenizer-libraries, objectives, budgets or chat-server, and their options; 'decant bench -- --help' lists them.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("bench", "Compare the training loop with a plain PyTorch loop on this machine (in a clone of the repository).") { arguments };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(parse =>
        {
            var start = Start(services.Environment("DECANT_HOME"), [.. parse.Tokens.SkipWhile(token => token.Value != command.Name).Skip(1).Select(token => token.Value).Where(value => value != "--")]);
            using var process = Process.Start(start) ?? throw new DecantException($"{start.FileName} could not be started.", ExitCodes.Machine);
            process.WaitForExit();
            return process.ExitCode;
        });
        command.Add(ExportBenchCommand.Create(services));
        return command;
    }

    /// <summary>What is started.</summary>
    /// <param name="home">The clone; null or empty: there is none.</param>
    /// <param name="arguments">For the benchmarks.</param>
    /// <exception cref="DecantException">There is no clone, or it has no benchmarks.</exception>
    internal static ProcessStartInfo Start(string? home, IReadOnlyList<string> arguments)
    {
        var project = string.IsNullOrEmpty(home) ? null : Path.Combine(home, "bench", "Decant.Bench", "Decant.Bench.csproj");
        if (project is null || !File.Exists(project))
            throw new DecantException("decant bench: the benchmarks are not part of the tool. Clone the repository, and run './decant bench' there.");
        var dotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        return new ProcessStartInfo(dotnet, ["run", "--project", project, "--configuration", "Release", "--verbosity", "quiet", "--no-launch-profile", "--", .. arguments]);
    }
}
