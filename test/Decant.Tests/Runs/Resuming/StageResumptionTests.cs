using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;

namespace Decant.Tests.Runs.Resuming;

/// <summary>Runs with stages, assistants and generations that were stopped in each of them.</summary>
public sealed class StageResumptionTests : IDisposable
{
    private readonly Workplace _work = new();

    public StageResumptionTests()
    {
        _work.Write("stages.yaml", KillRecipes.Stages);
        _work.Write("more.csv", Workplace.Texts(40, seed: 7));
    }

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Stopped_in_any_stage_of_anyone_it_goes_on_to_the_same_models_figures_and_curves()
    {
        var whole = _work.Distill("stages.yaml", "whole");
        string[] arms = [.. Workplace.Record(whole).Events.OfType<ArmStarted>().Select(a => a.Arm)];
        Assert.Equal(
            [
                "teacher", "assistant-1.imitation", "assistant-1.wide", "assistant-1", "generation-1.imitation", "generation-1.wide", "generation-1",
                "student.imitation", "student.wide", "student", "control", "all-labels",
            ],
            arms);
        foreach (var arm in arms.Skip(1))
        {
            var run = Stopped(arm, step: 3);
            var answer = _work.Decant("distill", "--resume", run);
            Assert.True(answer.Exit == 0, answer.Error);
            Assert.Contains($"resumed after step 3 of the {arm} (seed 3)", answer.Out);
            WholeRun.AreSame(whole, run);
        }
    }

    [Fact]
    public void Killed_between_any_two_stages_it_goes_on_to_the_same_models()
    {
        var whole = _work.Distill("stages.yaml", "whole");
        var run = _work.At("between");
        string[] arms = [.. Workplace.Record(whole).Events.OfType<ArmStarted>().Select(a => a.Arm)];
        foreach (var arm in arms)
        {
            using var stop = new CancellationTokenSource();
            var watcher = new Watcher(e => { if (e is ArmStarted started && started.Arm == arm) stop.Cancel(); });
            Assert.Throws<OperationCanceledException>(() => Directory.Exists(run)
                ? new DistillJob(Catalog.Standard).Resume(run, new RunOptions(), null, watcher, stop.Token)
                : new DistillJob(Catalog.Standard).Run(_work.Recipe("stages.yaml"), new RunOptions { Out = run }, watcher, stop.Token));
            // As if it had been killed there, so that the stage starts anew, with nothing of those before in memory.
            foreach (var checkpoint in Directory.GetDirectories(Path.Combine(run, "checkpoints", $"{arm}-seed-3")))
                Directory.Delete(checkpoint, recursive: true);
        }

        Assert.Equal(0, _work.Decant("distill", "--resume", run, "--quiet").Exit);
        WholeRun.AreSame(whole, run);
    }

    [Fact]
    public void Transfer_data_that_changed_is_told_and_not_gone_on_with()
    {
        var run = Stopped("student.wide", step: 2);
        _work.Write("more.csv", Workplace.Texts(41, seed: 7));
        var answer = _work.Decant("distill", "--resume", run);
        Assert.Equal(2, answer.Exit);
        Assert.Contains("transfer data 1 (", answer.Error);
        Assert.Contains("40 samples, 0 labels", answer.Error);
    }

    private string Stopped(string arm, long step)
    {
        using var stop = new CancellationTokenSource();
        var run = _work.At($"in-{arm}");
        Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(
            _work.Recipe("stages.yaml"), new RunOptions { Out = run }, new Watcher(e => { if (e is StepTaken s && (s.Arm, s.Step) == (arm, step)) stop.Cancel(); }), stop.Token));
        return run;
    }
}
