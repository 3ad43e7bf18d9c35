using System.Text.Json.Nodes;
using Decant.Bench;

namespace Decant.Tests.Bench;

public sealed class BenchCommandTests : IDisposable
{
    private readonly BenchRunner _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void What_objectives_cost_is_a_table_for_each_pair_the_cheapest_first()
    {
        Assert.Equal(0, _bench.Run("objectives"));
        Assert.Equal((5, 4, true, 0), (_bench.Objectives!.Rounds, _bench.Objectives.Steps, _bench.Objectives.Memory, _bench.Objectives.Objectives.Count));
        Decant.Tests.Cli.Approved.Check(_bench.Out, "bench-objectives");
    }

    [Fact]
    public void Some_objectives_are_measured_for_programs()
    {
        Assert.Equal(0, _bench.Run("objectives", "labels", "{ kind: relation-angle, representation: logits }", "--rounds", "3", "--steps", "2", "--without-memory", "--threads", "1", "--json", "-"));
        var request = _bench.Objectives!;
        Assert.Equal(["labels", "{ kind: relation-angle, representation: logits }"], request.Objectives);
        Assert.Equal((3, 2, false, 1), (request.Rounds, request.Steps, request.Memory, request.Threads));
        Assert.Contains("\"added_milliseconds\": 3.25", _bench.Out, StringComparison.Ordinal);
        Assert.StartsWith("{", _bench.Out, StringComparison.Ordinal);
        Assert.Equal(2, _bench.Run("objectives", "--rounds", "0"));
    }

    [Fact]
    public void A_comparison_is_shown_pair_by_pair_and_as_a_table()
    {
        Assert.Equal(0, _bench.Run());
        Assert.Equal("", _bench.Error);
        Decant.Tests.Cli.Approved.Check(_bench.Out, "bench");
    }

    [Fact]
    public void What_is_measured_is_chosen_on_the_command_line()
    {
        Assert.Equal(0, _bench.Run("mlp", "cnn", "--pairs", "11", "--mode", "live", "--threads", "1", "--python", "/opt/python"));
        var asked = _bench.Compared!;
        Assert.Equal(["mlp", "cnn"], asked.Workloads);
        Assert.Equal((11, false, true, 1, "/opt/python"), (asked.Pairs, asked.Run, asked.Live, asked.Threads, asked.Python));
        Assert.Equal(0, _bench.Run("--mode", "run", "--without-peer"));
        Assert.Equal((9, true, false, null), (_bench.Compared!.Pairs, _bench.Compared.Run, _bench.Compared.Live, _bench.Compared.Python));
    }

    [Fact]
    public void All_figures_go_to_a_file()
    {
        var file = Path.Combine(_bench.Folder, "bench.json");
        Assert.Equal(0, _bench.Run("--json", file));
        Assert.Equal(BenchJson.Of(MadeUpBench.Report) + "\n", File.ReadAllText(file));
    }

    [Fact]
    public void On_the_output_they_stand_alone()
    {
        Assert.Equal(0, _bench.Run("--json", "-"));
        Assert.Equal(2, JsonNode.Parse(_bench.Out)!["workloads"]!.AsArray().Count);
    }

    [Fact]
    public void No_pair_is_no_comparison()
    {
        Assert.Equal(2, _bench.Run("--pairs", "0"));
        Assert.Equal("--pairs: expected at least 1, came 0.\n", _bench.Error);
    }

    [Fact]
    public void Our_side_is_started_by_its_hidden_command_which_no_help_lists()
    {
        Assert.Equal(0, _bench.Run("bench-side", "mlp", "there", "--threads", "2"));
        Assert.Equal("mlp there 2\n", _bench.Out);
        using var other = new BenchRunner();
        Assert.Equal(0, other.Run("--help"));
        Assert.Contains("soak", other.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("bench-side", other.Out);
    }

    [Fact]
    public void A_long_training_that_stays_flat_passes_and_one_that_grows_fails()
    {
        Assert.Equal(0, _bench.Run("soak", "mlp", "--steps", "5000", "--batch", "64"));
        Assert.Equal((5000, 64), (_bench.Soaked!.Steps, _bench.Soaked.Batch));
        Assert.Equal(["mlp"], _bench.Soaked.Workloads);
        _bench.Soaking = MadeUpBench.Soak(late: 103);
        Assert.Equal(ExitCodes.Fault, _bench.Run("soak"));
        Decant.Tests.Cli.Approved.Check(_bench.Out, "bench-soak");
    }
}
