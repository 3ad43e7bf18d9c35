using System.Diagnostics;
using Decant.Tests.Runs;

namespace Decant.Tests.Cli;

/// <summary>Texts that are piped into a command, in a process of its own: only there the runtime has its own copies of descriptors.</summary>
public sealed class StandardInputTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("printf 'one\\ntwo\\n' | $C", 2)]
    [InlineData("printf 'one\\ntwo\\n' > t; $C < t", 2)]
    [InlineData("$C <&-", 0)]
    [InlineData("$C < /dev/null", 0)]
    public void Lines_are_read_from_a_pipe_and_from_a_file_and_none_where_the_input_is_closed(string script, int expected)
    {
        var run = _work.Distill("text.yaml", "run", "--set", "control=false", "--set", "evaluate.latency-runs=0", "--set", "distill.epochs=1", "--set", "distill.warm-up=null");
        var command = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "Decant.Cli.dll")}' predict '{run}'";
        var start = new ProcessStartInfo("/bin/sh", ["-c", script.Replace("$C", command, StringComparison.Ordinal)]) { WorkingDirectory = _work.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DECANT_HOME"] = Repository.Root;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(60_000));
        Assert.Equal(expected, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }
}
