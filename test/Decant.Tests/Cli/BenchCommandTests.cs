using Decant.Cli.Commands;

namespace Decant.Tests.Cli;

/// <summary>The command that starts the benchmarks of a clone.</summary>
public sealed class BenchCommandTests : IDisposable
{
    private readonly CliRunner _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void The_project_of_the_clone_is_started_with_all_arguments()
    {
        var start = BenchCommand.Start(Repository.Root, ["soak", "mlp", "--steps", "5"]);
        Assert.Equal("dotnet", Path.GetFileNameWithoutExtension(start.FileName));
        Assert.Equal(Repository.Find("bench/Decant.Bench/Decant.Bench.csproj"), start.ArgumentList[2]);
        Assert.Equal(["--", "soak", "mlp", "--steps", "5"], start.ArgumentList.TakeLast(5));
    }

    [Fact]
    public void Without_a_clone_there_are_no_benchmarks()
    {
        Assert.Equal(ExitCodes.BadInput, _cli.Run("bench", "mlp", "--pairs", "3"));
        Assert.Equal("decant bench: the benchmarks are not part of the tool. Clone the repository, and run './decant bench' there.\n", _cli.Error);
    }
}
