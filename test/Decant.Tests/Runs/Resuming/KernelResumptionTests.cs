using System.Text.Json.Nodes;
using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Tests.Torch.Kernels;
using Decant.Torch;
using Decant.Torch.Kernels;
using Decant.Training.Checkpoints;

namespace Decant.Tests.Runs.Resuming;

/// <summary>A run and the kernels that it began with. Other kernels need a process of their own: a library that is loaded keeps its own.</summary>
public sealed class KernelResumptionTests : IDisposable
{
    private const string Variable = "OPENBLAS_CORETYPE";

    private readonly Workplace _work = new();

    public KernelResumptionTests() => _work.Write("kill.yaml", KillRecipes.Text);

    public void Dispose() => _work.Dispose();

    [Fact]
    public void A_run_writes_its_kernels_into_its_record_its_state_and_its_checkpoints()
    {
        OpenBlas.Need();
        var run = Stopped();
        var kernels = Runtime.Fact("openblas-core");
        Assert.Equal(kernels, Assert.Single(Workplace.Record(run).Events.OfType<RunStarted>()).Machine!.BlasKernels);
        Assert.Equal(kernels, (string?)State(run)["blas_kernels"]);
        Assert.Equal(kernels, (string?)JsonNode.Parse(File.ReadAllText(Positions(run).Last()))!["attached"]!["blas_kernels"]);
    }

    [Fact]
    public void A_run_goes_on_with_the_kernels_that_it_began_with_though_others_would_be_chosen_now()
    {
        OpenBlas.Need();
        // Any that work here and are not those that would be chosen.
        var chosen = OpenBlasKernels.Unforced();
        var other = chosen.Trials.FirstOrDefault(t => t.IsUsable && t.Kernels != chosen.Kernels);
        Assert.SkipWhen(other is null, $"No kernels of OpenBLAS but {chosen.Kernels} work on this processor.");
        var whole = Run(other.Kernels, 0, "distill", _work.At("kill.yaml"), "--quiet", "--out", _work.At("whole"));
        Assert.DoesNotContain("measuring", whole);
        var run = _work.At("run");
        using (var first = Start(other.Kernels, "distill", _work.At("kill.yaml"), "--out", run))
        {
            Assert.True(first.Until(() => Directory.Exists(Path.Combine(run, "checkpoints")) && Positions(run).Length > 0), first.Said);
            first.Kill();
        }

        Run(null, 0, "distill", "--resume", run, "--quiet");
        WholeRun.AreSame(_work.At("whole"), run);
        Assert.Equal(other.Kernels, Assert.Single(Workplace.Record(run).Events.OfType<RunStarted>()).Machine!.BlasKernels);
    }

    [Fact]
    public void A_run_is_refused_by_name_where_it_cannot_go_on_with_its_kernels()
    {
        OpenBlas.Need();
        var run = Stopped();
        var kernels = Runtime.Fact("openblas-core");
        var said = Run("Z80", 3, "distill", "--resume", run);
        Assert.Contains($"was begun with OpenBLAS's {kernels} kernels, which its result depends on", said);
        Assert.Contains($"the environment has {Variable}=Z80. Unset it, or set it to {kernels}.", said);

        var state = State(run);
        state["blas_kernels"] = "Z80";
        File.WriteAllText(StateFile(run), state.ToJsonString());
        Assert.Contains("takes its ", Run(null, 3, "distill", "--resume", run)); // OpenBLAS has no such kernels
        var here = _work.Decant("distill", "--resume", run);
        Assert.Equal(3, here.Exit);
        Assert.Contains($"this process has loaded libtorch with its {kernels} kernels, and cannot load it again. Use a new process.", here.Error);
        Assert.Contains("Resume it where it began, or start it again in another folder.", here.Error);
    }

    [Fact]
    public void A_checkpoint_of_other_kernels_is_refused()
    {
        OpenBlas.Need();
        var run = Stopped();
        var store = new CheckpointStore(Path.Combine(run, "checkpoints", "student-seed-3"), keep: 2);
        using (var found = store.Newest().Found!)
            store.Write(found.Snapshot, new Dictionary<string, string>(found.Attached) { ["blas_kernels"] = "Z80" });
        var answer = _work.Decant("distill", "--resume", run);
        Assert.Equal(2, answer.Exit);
        Assert.Contains("was written with OpenBLAS's Z80 kernels", answer.Error);
    }

    [Fact]
    public void A_run_of_an_earlier_version_goes_on_and_says_what_is_not_known()
    {
        OpenBlas.Need();
        var run = Stopped();
        var state = State(run);
        state.Remove("blas_kernels");
        File.WriteAllText(StateFile(run), state.ToJsonString());
        Assert.Equal(0, _work.Decant("distill", "--resume", run, "--quiet").Exit);
        Assert.Contains(Workplace.Record(run).Events.OfType<RunNote>(), n => n.Text.StartsWith("The run does not say which kernels it began with", StringComparison.Ordinal));
    }

    private static string StateFile(string run) => Path.Combine(run, "checkpoints", "progress.json");

    private static JsonObject State(string run) => JsonNode.Parse(File.ReadAllText(StateFile(run)))!.AsObject();

    private static string[] Positions(string run) => Directory.GetFiles(Path.Combine(run, "checkpoints"), "position.json", SearchOption.AllDirectories);

    private string Stopped()
    {
        using var stop = new CancellationTokenSource();
        var run = _work.At("stopped");
        Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(
            _work.Recipe("kill.yaml"), new RunOptions { Out = run }, new Watcher(e => { if (e is StepTaken { Arm: Arms.Student, Step: 2 }) stop.Cancel(); }), stop.Token));
        return run;
    }

    private CommandProcess Start(string? kernels, params string[] args) => CommandProcess.Start(_work.Root, new Dictionary<string, string?> { [Variable] = kernels }, args);

    private string Run(string? kernels, int exit, params string[] args)
    {
        using var process = Start(kernels, args);
        Assert.True(process.Wait() == exit, process.Said);
        return process.Said;
    }
}
